import { z } from "zod";
import { routingChangeSchema } from "~/contracts/routing-rules";

type Fields = Record<string, unknown>;

const record = (value: unknown): Fields => (typeof value === "object" && value !== null ? { ...value } : {});
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(record) : []);
/** A number when it is written as one; anything else as it is, for the schema to refuse. */
const numeric = (value: unknown): unknown =>
  typeof value === "string" && /^\s*-?\d*\.?\d+\s*$/.test(value) ? Number(value) : value;
/** What is left empty is nothing. */
const filled = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === "" || value === undefined ? null : value]),
  );

const isEmpty = (value: unknown) => value === undefined || value === "";

/** Archived connections come last in a split: one whose share was emptied is no part of it any more. */
function withoutEmptyEnd(shares: Fields[]): Fields[] {
  return shares.slice(0, shares.findLastIndex(({ percent }) => !isEmpty(percent)) + 1);
}

/** The texts of the form as the API's body has them, at the same places, so that errors find their fields. */
function bodyOf(value: unknown): unknown {
  const { version, weights, rules, note } = record(value);
  const { margin, cost, speed } = record(weights);
  const of = record(rules);
  return {
    version: numeric(version),
    weights: { margin: numeric(margin), cost: numeric(cost), speed: numeric(speed) },
    note: note === "" ? null : (note ?? null),
    rules: {
      pins: list(of.pins),
      splits: list(of.splits).map((split) => ({
        ...filled(split),
        shares: withoutEmptyEnd(list(split.shares)).map(({ connectionId, percent }) => ({
          connectionId,
          // A connection without a share has none of the split.
          percent: isEmpty(percent) ? 0 : numeric(percent),
        })),
      })),
      priorities: list(of.priorities).map((priority) => ({
        ...filled(priority),
        connectionIds: Array.isArray(priority.connectionIds) ? priority.connectionIds : [],
      })),
      limits: list(of.limits).map(({ currency, ...limit }) => ({ ...filled(limit), currency })),
      exclusions: list(of.exclusions).map(({ country, ...exclusion }) => ({
        ...filled(exclusion),
        country: typeof country === "string" && country !== "" ? country.trim().toUpperCase() : null,
      })),
    },
  };
}

/** The rules form → the body of `PUT …/routing`. `known`: the connections that rules may name. */
export function rulesFormSchema(known: ReadonlySet<string>) {
  return z.unknown().transform(bodyOf).pipe(routingChangeSchema(known));
}

/** The form's fields, as text. */
export type RulesFormFields = {
  version: string;
  weights: { margin: string; cost: string; speed: string };
  note: string;
  rules: {
    pins: { key: string; value: string; connectionId: string }[];
    splits: {
      paymentMethod: string;
      currency: string;
      shares: { connectionId: string; percent: string }[];
    }[];
    priorities: {
      paymentMethod: string;
      currency: string;
      minAmount: string;
      connectionIds: string[];
    }[];
    limits: { connectionId: string; currency: string; min: string; max: string }[];
    exclusions: { connectionId: string; paymentMethod: string; currency: string; country: string }[];
  };
};
