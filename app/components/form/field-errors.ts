/**
 * Errors as sentences beside a field. Those of the shared contracts begin in lower case ("must be …"),
 * because the API puts the field's path before them; here it is the field's label.
 */
export function fieldErrors(label: string, errors: readonly string[] | undefined): string[] | undefined {
  return errors?.map((error) => (/^[a-z]/.test(error) ? `${label} ${error}.` : error));
}
