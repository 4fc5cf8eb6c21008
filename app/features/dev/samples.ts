import type { ChartPoint } from "~/components/charts/types";
import type { SessionStatus } from "~/features/sessions/session-status-badge";

/** Made-up rows for /dev/components only, in line with the mock; nothing else reads them. */
export type SampleRow = {
  id: string;
  status: SessionStatus;
  amount: string;
  currency: string;
  order: string;
  customer: string;
  method: string;
  provider: string;
  score: string;
  /** Seconds before the page was asked for. */
  age: number;
  reason: string | null;
};

type Line = [SessionStatus, string, string, string, string, string, string, string, number, string | null];

const lines: Line[] = [
  [
    "REQUIRES_ACTION",
    "86.50",
    "AUD",
    "ORD-10511",
    "liam.nguyen@example.com",
    "Visa •••• 4242",
    "stripe",
    "92.4",
    9,
    null,
  ],
  ["PENDING", "12800", "JPY", "ORD-10510", "h.tanaka@example.jp", "Card", "stripe", "91.8", 21, null],
  [
    "PROCESSING",
    "4500.00",
    "KES",
    "ORD-10509",
    "wanjiru.k@example.co.ke",
    "M-Pesa •••• 118",
    "kiotapay",
    "90.3",
    44,
    null,
  ],
  [
    "SUCCEEDED",
    "219.00",
    "AUD",
    "ORD-10508",
    "olivia.brown@example.com",
    "Mastercard •••• 4444",
    "stripe",
    "92.5",
    71,
    null,
  ],
  [
    "SUCCEEDED",
    "38.250",
    "KWD",
    "ORD-10507",
    "fahad.alsabah@example.com",
    "Visa •••• 1881",
    "kiotapay",
    "87.6",
    92,
    null,
  ],
  [
    "FAILED",
    "74.90",
    "EUR",
    "ORD-10506",
    "c.moreau@example.fr",
    "Visa •••• 0002",
    "kiotapay",
    "86.9",
    130,
    "Declined by the bank",
  ],
  [
    "SUCCEEDED",
    "1249.00",
    "USD",
    "ORD-10505",
    "donaudampfschifffahrtsgesellschaft@northwind.example",
    "Amex •••• 0005",
    "stripe",
    "93.1",
    190,
    null,
  ],
  [
    "EXPIRED",
    "51.20",
    "EUR",
    "ORD-10481",
    "giulia.conti@example.it",
    "Card",
    "adyen",
    "84.2",
    4080,
    "Not paid within 60 min",
  ],
];

export const sampleRows: SampleRow[] = lines.map(
  ([status, amount, currency, order, customer, method, provider, score, age, reason]) => ({
    id: order.toLowerCase(),
    status,
    amount,
    currency,
    order,
    customer,
    method,
    provider,
    score,
    age,
    reason,
  }),
);

const days = ["Sun 15", "Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20", "Sat 21"];

/** Four bars a day for a week. */
export const statusPoints: ChartPoint[] = Array.from({ length: 28 }, (_, i) => {
  const base = [950, 630, 260, 860][i % 4] ?? 0;
  const succeeded = base - ((i * 37) % 90);
  const latest = i === 27;
  return {
    label: days[Math.floor(i / 4)] ?? "",
    title: `${days[Math.floor(i / 4)]} Nov, ${String((i % 4) * 6).padStart(2, "0")}:00 AEDT`,
    values: {
      succeeded,
      expired: Math.round(succeeded * 0.07),
      failed: Math.round(succeeded * (0.06 + ((i * 7) % 5) / 100)),
      processing: latest ? 37 : 0,
      action: latest ? 52 : 0,
      pending: latest ? 118 : 0,
    },
  };
});

/** A point per half hour; kiotapay is away for a while, and that is a gap. */
export const scorePoints: ChartPoint[] = Array.from({ length: 48 }, (_, i) => ({
  label: `${String((14 + Math.floor(i / 2)) % 24).padStart(2, "0")}:${i % 2 ? "30" : "00"}`,
  values: {
    stripe: 92.4 + Math.sin(i / 3) * 0.5,
    kiotapay: i >= 22 && i <= 25 ? null : 88.6 + Math.cos(i / 4) * 0.6,
    adyen: i > 44 ? null : 84.2 + Math.sin(i / 5) * 0.9,
  },
}));
