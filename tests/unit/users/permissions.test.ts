import { describe, expect, it } from "vitest";
import type { Role } from "~/db/generated/enums";
import { type ApiKeyActor, systemActor, type UserActor } from "~/domain/actor";
import { authorise, isAllowed, mayGive, type PermissionName, permissions } from "~/domain/users/permissions";

const roles: Role[] = ["owner", "admin", "developer", "support", "viewer"];
const names = Object.keys(permissions) as PermissionName[];
const user = (role: Role): UserActor => ({
  kind: "user",
  requestId: "test",
  ip: null,
  userAgent: null,
  userId: "u",
  merchantId: "m",
  role,
  label: "Mara Okafor",
});
const apiKey: ApiKeyActor = {
  kind: "api_key",
  requestId: "test",
  ip: null,
  userAgent: null,
  apiKeyId: "k",
  keyPrefix: "ks_test_abcd",
  merchantId: "m",
  applicationId: "a",
  mode: "test",
};

describe("permissions", () => {
  it("gives an owner whatever any role has", () => {
    for (const name of names) {
      if (roles.some((role) => isAllowed(role, name))) expect(isAllowed("owner", name), name).toBe(true);
    }
  });

  it("lets a viewer read, take what they read along, keep views of it, mark its notices, leave, and nothing else", () => {
    for (const name of names) {
      if (isAllowed("viewer", name))
        expect(name).toMatch(
          /\.read$|^team\.leave$|^(sessions|figures)\.export$|^views\.save$|^notices\.mark$/,
        );
    }
  });

  it("lets Kadosei's staff on a visit look, and nothing else", () => {
    const staff = { ...user("viewer"), role: "staff" as const };
    for (const name of names) {
      if (isAllowed("staff", name)) expect(name).toMatch(/\.read$/);
      else expect(() => authorise(staff, name)).toThrow(/^Kadosei's support only looks, and may not /);
    }
    expect(roles.filter((role) => mayGive("staff", role))).toEqual([]);
  });

  it("lets nobody give a role above their own", () => {
    const givable = (own: Role) => roles.filter((role) => mayGive(own, role));
    expect(roles.map(givable)).toEqual(roles.map((_, index) => roles.slice(index)));
  });

  it("is what authorise enforces", () => {
    for (const name of names) {
      for (const role of roles) {
        const act = () => authorise(user(role), name);
        if (isAllowed(role, name)) expect(act).not.toThrow();
        else expect(act).toThrow(expect.objectContaining({ code: "FORBIDDEN" }));
      }
      expect(() => authorise(systemActor, name)).not.toThrow();
    }
  });

  it("keeps API keys to payments", () => {
    const allowed = names.filter((name) => {
      try {
        authorise(apiKey, name);
        return true;
      } catch {
        return false;
      }
    });
    expect(allowed).toEqual(["sessions.create", "sessions.read", "sessions.expire"]);
  });

  it("says what is not allowed, and who can", () => {
    expect(() => authorise(user("viewer"), "api_keys.write")).toThrow(
      "Your role, viewer, may not create, roll or revoke API keys. An owner, admin or developer can.",
    );
    expect(() => authorise(user("viewer"), "sessions.create")).toThrow(
      "Your role, viewer, may not create payment sessions. An owner, admin, developer or API key can.",
    );
    expect(() => authorise(apiKey, "team.read")).toThrow(
      "An API key may not see the team. A member of the team can.",
    );
  });
});
