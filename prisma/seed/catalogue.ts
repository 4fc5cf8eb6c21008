import { currencyExponent } from "~/lib/money";
import type { Random } from "./random";

type NonEmpty<Item> = readonly [Item, ...Item[]];

interface City {
  city: string;
  state?: string;
  postalCode: string;
  street: string;
}

/** Where a customer lives decides currency, language and address. */
interface Region {
  country: string;
  currency: string;
  locale: string;
  /** How much one Australian dollar is, in minor units of `currency`, and to what prices are rounded. */
  perDollar: number;
  roundTo: number;
  phone: string;
  firstNames: NonEmpty<string>;
  lastNames: NonEmpty<string>;
  cities: NonEmpty<City>;
  /** Share of customers who pay with M-Pesa. */
  mpesa: number;
}

const regions = {
  AU: {
    country: "AU",
    currency: "AUD",
    locale: "en_AU",
    perDollar: 100,
    roundTo: 5,
    phone: "+614",
    firstNames: [
      "Olivia",
      "Noah",
      "Charlotte",
      "Liam",
      "Mia",
      "Jack",
      "Amelia",
      "Thomas",
      "Grace",
      "William",
      "Isla",
      "Henry",
      "Matilda",
      "Lachlan",
      "Ruby",
      "Ethan",
    ],
    lastNames: [
      "Nguyen",
      "Brown",
      "Wilson",
      "Taylor",
      "Jones",
      "Walker",
      "Kelly",
      "Singh",
      "Martin",
      "O’Brien",
      "Campbell",
      "Chen",
      "Papadopoulos",
      "Murphy",
    ],
    cities: [
      { city: "Melbourne", state: "VIC", postalCode: "3000", street: "Collins Street" },
      { city: "Sydney", state: "NSW", postalCode: "2000", street: "Pitt Street" },
      { city: "Brisbane", state: "QLD", postalCode: "4000", street: "Adelaide Street" },
      { city: "Perth", state: "WA", postalCode: "6000", street: "Hay Street" },
      { city: "Hobart", state: "TAS", postalCode: "7000", street: "Elizabeth Street" },
    ],
    mpesa: 0,
  },
  US: {
    country: "US",
    currency: "USD",
    locale: "en_US",
    perDollar: 66,
    roundTo: 5,
    phone: "+1415555",
    firstNames: ["Sam", "Ava", "James", "Emma", "Mason", "Harper", "Logan", "Ella", "Daniel", "Zoe"],
    lastNames: [
      "Rivera",
      "Johnson",
      "Davis",
      "Miller",
      "Garcia",
      "Thompson",
      "Lee",
      "Robinson",
      "Clark",
      "Lewis",
    ],
    cities: [
      { city: "Portland", state: "OR", postalCode: "97205", street: "Burnside Street" },
      { city: "Austin", state: "TX", postalCode: "78701", street: "Congress Avenue" },
      { city: "Denver", state: "CO", postalCode: "80202", street: "Larimer Street" },
    ],
    mpesa: 0,
  },
  GB: {
    country: "GB",
    currency: "GBP",
    locale: "en_GB",
    perDollar: 52,
    roundTo: 5,
    phone: "+447700900",
    firstNames: ["Amelia", "Oliver", "Freya", "George", "Poppy", "Arthur", "Priya", "Callum"],
    lastNames: ["Clark", "Hughes", "Patel", "Evans", "Turner", "Stewart", "Wright", "Khan"],
    cities: [
      { city: "London", postalCode: "EC1A 1BB", street: "Aldersgate Street" },
      { city: "Leeds", postalCode: "LS1 4AP", street: "Park Row" },
    ],
    mpesa: 0,
  },
  DE: {
    country: "DE",
    currency: "EUR",
    locale: "de_DE",
    perDollar: 61,
    roundTo: 10,
    phone: "+4915",
    firstNames: ["Lukas", "Anna", "Jonas", "Katharina", "Felix", "Sophie", "Jürgen", "Mareike"],
    lastNames: ["Weber", "Schneider", "Fischer", "Schwarzenberger", "Müller", "Hoffmann", "Koch"],
    cities: [
      { city: "Berlin", postalCode: "10117", street: "Friedrichstraße" },
      { city: "Hamburg", postalCode: "20095", street: "Mönckebergstraße" },
    ],
    mpesa: 0,
  },
  FR: {
    country: "FR",
    currency: "EUR",
    locale: "fr_FR",
    perDollar: 61,
    roundTo: 10,
    phone: "+336",
    firstNames: ["Camille", "Hugo", "Léa", "Louis", "Chloé", "Gabriel"],
    lastNames: ["Moreau", "Dubois", "Lefèvre", "Bernard", "Girard", "Rousseau"],
    cities: [
      { city: "Paris", postalCode: "75002", street: "Rue Réaumur" },
      { city: "Lyon", postalCode: "69002", street: "Rue Mercière" },
    ],
    mpesa: 0,
  },
  ES: {
    country: "ES",
    currency: "EUR",
    locale: "es_ES",
    perDollar: 61,
    roundTo: 10,
    phone: "+346",
    firstNames: ["Lucía", "Mateo", "Sofía", "Álvaro", "Carmen", "Diego"],
    lastNames: ["García", "Fernández", "Romero", "Navarro", "Iglesias"],
    cities: [{ city: "Madrid", postalCode: "28013", street: "Gran Vía" }],
    mpesa: 0,
  },
  JP: {
    country: "JP",
    currency: "JPY",
    locale: "ja_JP",
    perDollar: 98,
    roundTo: 10,
    phone: "+8190",
    firstNames: ["Haruto", "Yui", "Sota", "Hina", "Ren", "Aoi"],
    lastNames: ["Tanaka", "Sato", "Suzuki", "Takahashi", "Watanabe", "Kobayashi"],
    cities: [
      { city: "Tokyo", postalCode: "150-0001", street: "Jingumae" },
      { city: "Osaka", postalCode: "530-0001", street: "Umeda" },
    ],
    mpesa: 0,
  },
  KE: {
    country: "KE",
    currency: "KES",
    locale: "sw_KE",
    perDollar: 8_500,
    roundTo: 5_000,
    phone: "+2547",
    firstNames: ["Wanjiru", "Otieno", "Achieng", "Kamau", "Njeri", "Kiprop", "Amina", "Mwangi"],
    lastNames: ["Kariuki", "Ochieng", "Wambui", "Kiplagat", "Mutua", "Hassan", "Odhiambo"],
    cities: [
      { city: "Nairobi", postalCode: "00100", street: "Kenyatta Avenue" },
      { city: "Mombasa", postalCode: "80100", street: "Moi Avenue" },
      { city: "Kisumu", postalCode: "40100", street: "Oginga Odinga Street" },
    ],
    mpesa: 0.74,
  },
  KW: {
    country: "KW",
    currency: "KWD",
    locale: "en_KW",
    perDollar: 203,
    roundTo: 250,
    phone: "+9655",
    firstNames: ["Fahad", "Noura", "Yousef", "Dana"],
    lastNames: ["Al-Sabah", "Al-Mutairi", "Al-Rashid", "Al-Enezi"],
    cities: [{ city: "Kuwait City", postalCode: "13001", street: "Fahad Al-Salem Street" }],
    mpesa: 0,
  },
} as const satisfies Record<string, Region>;

type RegionCode = keyof typeof regions;

/** Where orders come from. */
const traffic: NonEmpty<readonly [RegionCode, number]> = [
  ["AU", 58],
  ["US", 11],
  ["GB", 8],
  ["DE", 4.5],
  ["FR", 3.5],
  ["ES", 2],
  ["JP", 4.5],
  ["KE", 6.5],
  ["KW", 2],
];

/** Name, stock number, price in Australian dollars, how often it is bought. */
const products: NonEmpty<readonly [readonly [string, string, number], number]> = [
  [["Wireless Headphones", "WH-100", 119], 7],
  [["Merino Beanie", "MB-021", 29.95], 12],
  [["Trail Running Socks", "TS-310", 18.5], 14],
  [["Insulated Bottle, 750 ml", "IB-075", 42], 11],
  [["Rain Jacket", "RJ-220", 189], 7],
  [["Down Jacket", "DJ-410", 329], 3],
  [["Day Pack, 24 l", "DP-024", 139], 6],
  [["Headlamp", "HL-350", 64.95], 8],
  [["Camp Stove", "CS-001", 94], 4],
  [["Two-Person Tent", "TN-002", 459], 2],
  [["Hiking Boots", "HB-780", 249], 5],
  [["Sun Hat", "SH-014", 39.95], 9],
  [["Gift Card", "GC-050", 50], 4],
];

interface Address {
  line1: string;
  city: string;
  state?: string;
  postalCode: string;
  country: string;
}

export interface Customer {
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  billingAddress: Address;
}

export interface Order {
  reference: string;
  currency: string;
  locale: string;
  country: string;
  paymentMethod: "card" | "mpesa_stk";
  customer: Customer;
  /** Minor units, as are the other amounts. */
  items: { name: string; sku: string; quantity: number; unitPrice: number }[];
  shipping: number | null;
  shippingMethod: { type: string; method: string } | null;
  tax: number | null;
  total: number;
}

/** A new order of some customer, most of whom have ordered before. `customers` is how many the merchant has. */
export function newOrder(reference: string, customers: number, random: Random, only?: RegionCode): Order {
  const region: Region = regions[only ?? random.weighted(traffic)];
  const share = (traffic.find(([code]) => code === region.country)?.[1] ?? 1) / 100;
  const pool = Math.max(4, Math.round(customers * share));
  const customer = customerOf(region, Math.floor(pool * random.next() ** 1.7));
  const lines = random.weighted([
    [1, 62],
    [2, 25],
    [3, 10],
    [4, 3],
  ]);
  const items = new Map<string, Order["items"][number]>();
  for (let line = 0; line < lines; line += 1) {
    const [name, sku, dollars] = random.weighted(products);
    const quantity = random.weighted([
      [1, 80],
      [2, 16],
      [3, 4],
    ]);
    items.set(sku, { name, sku, quantity, unitPrice: price(dollars, region) });
  }
  const subtotal = [...items.values()].reduce((sum, item) => sum + item.quantity * item.unitPrice, 0);
  const isExpress = random.chance(0.22);
  const shipping = random.chance(0.3) ? null : price(isExpress ? 14.95 : 9.95, region);
  // Ten per cent, as in Australia; sold tax-free to everybody else.
  const tax = region.currency === "AUD" ? Math.round((subtotal + (shipping ?? 0)) * 0.1) : null;
  return {
    reference,
    currency: region.currency,
    locale: region.locale,
    country: region.country,
    paymentMethod: random.chance(region.mpesa) ? "mpesa_stk" : "card",
    customer,
    items: [...items.values()],
    shipping,
    shippingMethod: shipping === null ? null : { type: isExpress ? "express" : "standard", method: "post" },
    tax,
    total: subtotal + (shipping ?? 0) + (tax ?? 0),
  };
}

function price(dollars: number, region: Region): number {
  return Math.max(region.roundTo, Math.round((dollars * region.perDollar) / region.roundTo) * region.roundTo);
}

/** The customer with this number, always the same one. */
function customerOf(region: Region, number: number): Customer {
  const { firstNames, lastNames, cities } = region;
  const firstName = firstNames[number % firstNames.length] ?? firstNames[0];
  const lastName = lastNames[Math.floor(number / 3 + number * 5) % lastNames.length] ?? lastNames[0];
  const place = cities[Math.floor(number * 0.37) % cities.length] ?? cities[0];
  const mailName = `${firstName}.${lastName}`
    .normalize("NFD")
    .replace(/ß/g, "ss")
    .replace(/[^A-Za-z.]/g, "")
    .toLowerCase();
  const digits = 12 - region.phone.length;
  return {
    firstName,
    lastName,
    email: `${mailName}${number < 10 ? "" : number}@example.${number % 5 === 0 ? "org" : "com"}`,
    phone: region.phone + String((number * 7_919 + 10_007) % 10 ** digits).padStart(digits, "0"),
    billingAddress: {
      line1: `${(number % 240) + 1} ${place.street}`,
      city: place.city,
      ...(place.state === undefined ? {} : { state: place.state }),
      postalCode: place.postalCode,
      country: region.country,
    },
  };
}

/** The documentation's example order: the demo tells its story from both sides of a retry. */
export function storyOrder(reference: string): Order {
  return {
    reference,
    currency: "AUD",
    locale: "en_AU",
    country: "AU",
    paymentMethod: "card",
    customer: {
      firstName: "Jane",
      lastName: "Smith",
      email: "jane.smith@example.com",
      phone: "+61412345678",
      billingAddress: {
        line1: "123 Collins Street",
        city: "Melbourne",
        state: "VIC",
        postalCode: "3000",
        country: "AU",
      },
    },
    items: [{ name: "Wireless Headphones", sku: "WH-100", quantity: 1, unitPrice: 11_900 }],
    shipping: 995,
    shippingMethod: { type: "express", method: "aus_post" },
    tax: 1_181,
    total: 14_076,
  };
}

/** Minor units as the decimal number that an API body has. */
export function decimalOf(minor: number, currency: string): number {
  return Number((minor / 10 ** (currencyExponent(currency) ?? 2)).toFixed(currencyExponent(currency) ?? 2));
}
