import { letter } from "~/domain/mail/letter";
import type { Mail } from "~/lib/mailer";

interface Reader {
  email: string;
  firstName: string;
}

const REASON = "You get this because it is about your own sign-in. It cannot be turned off.";

/** A mail about a person's own sign-in. */
function mail(
  reader: Reader,
  subject: string,
  paragraphs: string[],
  action?: { label: string; url: string },
) {
  return letter({
    to: reader.email,
    subject,
    name: reader.firstName,
    paragraphs,
    reason: REASON,
    ...(action ? { action } : {}),
  });
}

const NOT_YOU = (appUrl: string) =>
  `If that was not you, choose a new password at once at ${appUrl}/forgot-password and tell an owner of your team.`;

/** "Forgotten your password?" */
export function passwordResetMail(reader: Reader, url: string): Mail {
  return mail(
    reader,
    "Choose a new password",
    [
      "Somebody, most likely you, asked for a new password for your Kadosei sign-in.",
      "The link works once, for one hour. If you did not ask, do nothing: your password stays as it is.",
    ],
    { label: "Choose a new password", url },
  );
}

export function passwordChangedMail(reader: Reader, appUrl: string): Mail {
  return mail(reader, "Your password was changed", [
    "The password of your Kadosei sign-in was changed just now, and every other sign-in of yours was ended.",
    NOT_YOU(appUrl),
  ]);
}

/** To the new address. */
export function emailChangeMail(reader: Reader & { newEmail: string }, url: string): Mail {
  return mail(
    { ...reader, email: reader.newEmail },
    "Confirm your new e-mail address",
    [
      `Your Kadosei sign-in is to use ${reader.newEmail} in place of ${reader.email}.`,
      "The link works once, for 24 hours. Until you confirm, nothing changes.",
    ],
    { label: "Confirm this address", url },
  );
}

/** To the new address, which has a sign-in already: only its owner may know. */
export function emailTakenMail(email: string): Mail {
  return letter({
    to: email,
    subject: "Your address was named for another sign-in",
    name: "there",
    paragraphs: [
      "Somebody asked to use this address for their Kadosei sign-in. It has a sign-in already, so nothing was changed.",
      "If that was you, sign in with this address, or ask for a new password.",
    ],
    reason: "You get this because somebody typed this address.",
  });
}

/** To the address so far, when a change was asked for. */
export function emailChangeStopMail(reader: Reader & { newEmail: string }, url: string): Mail {
  return mail(
    reader,
    "Your e-mail address is about to change",
    [
      `You asked that your Kadosei sign-in use ${reader.newEmail} from now on. It does as soon as that address is confirmed.`,
      "If you did not ask, stop it by the link and choose a new password: somebody is using your sign-in.",
    ],
    { label: "Stop the change", url },
  );
}

/** To the address so far, when it was changed. */
export function emailChangedMail(reader: Reader & { newEmail: string }): Mail {
  return mail(reader, "Your e-mail address was changed", [
    `Your Kadosei sign-in uses ${reader.newEmail} now, and no longer this address.`,
    "If that was not you, tell an owner of your team at once.",
  ]);
}

export function twoFactorMail(reader: Reader, isOn: boolean, appUrl: string): Mail {
  return mail(reader, `Two-factor is ${isOn ? "on" : "off"}`, [
    isOn
      ? "Signing in to Kadosei as you asks for a code of your authenticator app from now on. Keep your recovery codes in a safe place."
      : "Signing in to Kadosei as you asks for the password only from now on. Your recovery codes no longer work.",
    NOT_YOU(appUrl),
  ]);
}

export function recoveryCodeUsedMail(reader: Reader, left: number, appUrl: string): Mail {
  return mail(reader, "A recovery code was used", [
    `Somebody signed in as you with your password and one of your recovery codes. ${left} of them ${left === 1 ? "is" : "are"} left.`,
    NOT_YOU(appUrl),
  ]);
}

export function recoveryCodesRenewedMail(reader: Reader, appUrl: string): Mail {
  return mail(reader, "Your recovery codes were renewed", [
    "Ten new recovery codes were made for your Kadosei sign-in just now. The ones before them no longer work.",
    NOT_YOU(appUrl),
  ]);
}

/** Five wrong codes after the right password. */
export function codesGuessedMail(reader: Reader, appUrl: string): Mail {
  return mail(reader, "Somebody may know your password", [
    "Somebody typed your right password and then five wrong codes. They were not let in, and nobody can try again for 15 minutes.",
    NOT_YOU(appUrl),
  ]);
}
