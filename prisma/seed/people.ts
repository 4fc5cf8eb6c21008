import type { SqlExecutor } from "~/db/database";
import { isLocal } from "~/lib/env";
import { TIME_ZONE } from "./calendar";
import { insertRows } from "./loader";
import type { Random } from "./random";
import { demoSignIns } from "./sign-ins";

export interface Person {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
}

export interface People {
  owner: Person;
  developer: Person;
  support: Person;
  staff: Person;
}

/** The merchant, its team, and one of Kadosei's own staff who belongs to no merchant. */
export async function insertPeople(
  tx: SqlExecutor,
  merchantId: string,
  passwordHash: string,
  createdMs: number,
  appUrl: string,
  random: Random,
): Promise<People> {
  const [owner, developer, support, staff] = demoSignIns;
  const person = (email: string, firstName: string, lastName: string): Person => ({
    id: random.id(createdMs),
    email,
    firstName,
    lastName,
  });
  const people: People = {
    owner: person(owner.email, "Mara", "Okafor"),
    developer: person(developer.email, "Kofi", "Mensah"),
    support: person(support.email, "Tom", "Reyes"),
    staff: person(staff.email, "Ines", "Albrecht"),
  };
  const createdAt = new Date(createdMs);
  await insertRows(tx, "merchants", [
    {
      id: merchantId,
      name: "Demo Outfitters",
      time_zone: TIME_ZONE,
      created_at: createdAt,
      updated_at: createdAt,
    },
  ]);
  await insertRows(
    tx,
    "users",
    Object.values(people).map(({ id, email, firstName, lastName }: Person) => ({
      id,
      email,
      first_name: firstName,
      last_name: lastName,
      password_hash: passwordHash,
      password_changed_at: createdAt,
      // The password is public: nobody from elsewhere is to look at the merchants that sign up here.
      is_staff: id === people.staff.id && isLocal(new URL(appUrl)),
      created_at: createdAt,
      updated_at: createdAt,
    })),
  );
  const members = [
    { person: people.owner, role: "owner" },
    { person: people.developer, role: "developer" },
    { person: people.support, role: "support" },
  ];
  await insertRows(
    tx,
    "memberships",
    members.map((member) => ({
      merchant_id: merchantId,
      user_id: member.person.id,
      role: member.role,
      created_at: createdAt,
      updated_at: createdAt,
    })),
  );
  return people;
}
