import { Callout } from "~/components/ui/callout";

/** Why a form as a whole was refused; what is wrong with one field stands at that field. */
export function FormProblem({ problem }: { problem: string | null | undefined }) {
  if (!problem) return null;
  return (
    <Callout tone="danger" role="alert">
      {problem}
    </Callout>
  );
}
