import { CircleX } from "./icons";

/** Why a field was refused: an icon and a sentence. Renders nothing without errors. */
export function FieldError({ id, errors }: { id: string; errors?: readonly string[] | null }) {
  if (!errors || errors.length === 0) return null;
  return (
    <div id={id} className="mt-1.5 grid gap-1 text-sm leading-[18px] text-danger">
      {errors.map((error) => (
        <p key={error} className="flex gap-1.5">
          <CircleX className="mt-px" />
          {error}
        </p>
      ))}
    </div>
  );
}
