import { FoldMenu } from "~/components/ui/fold-menu";
import { formatCount } from "~/components/ui/format";
import { ChevronDown, Columns3, Download } from "~/components/ui/icons";
import { inFold } from "~/components/ui/in-fold";
import type { TablePreferences } from "./table-preferences";
import { useExport } from "./use-export";

const ExportPanel = inFold(() => import("./export-panel").then((all) => all.ExportPanel));
const ColumnsForm = inFold(() => import("./columns-form").then((all) => all.ColumnsForm));

/** Which columns are shown, in what order, and how tight: remembered by this browser. Not on phones, where rows are cards. */
export function ColumnsMenu({ table }: { table: TablePreferences }) {
  const { order, shown } = table;
  return (
    <FoldMenu
      label={`Columns, ${shown.length} of ${order.length}`}
      className="max-sm:hidden"
      panelClassName="w-72"
      summary={
        <>
          <Columns3 /> Columns
          <span className="font-normal text-text-3">
            {shown.length} of {order.length}
          </span>
        </>
      }
    >
      <ColumnsForm table={table} />
    </FoldMenu>
  );
}

/** Everything that the filters leave, on all pages, as a file; how far it is can be seen, and it can be stopped. */
export function ExportMenu({ base, totalItems }: { base: string; totalItems: number }) {
  const exporting = useExport();
  const { state } = exporting;
  const sessions = `${formatCount(totalItems)} ${totalItems === 1 ? "session" : "sessions"}`;
  return (
    <FoldMenu
      label={`Export ${sessions}`}
      panelClassName="w-64 max-sm:right-auto max-sm:left-0"
      summary={
        <>
          <Download />
          {state !== null && state !== "failed"
            ? `Exporting, ${Math.min(99, Math.floor((state.rows / Math.max(1, totalItems)) * 100))} %`
            : `Export ${formatCount(totalItems)}`}
          <ChevronDown className="size-3.5!" />
        </>
      }
    >
      <ExportPanel {...exporting} base={base} totalItems={totalItems} sessions={sessions} />
    </FoldMenu>
  );
}
