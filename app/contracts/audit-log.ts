import { z } from "zod";
import { pageQuerySchema, text } from "./common";
import { daySchema, loose, rangeSchema } from "./sessions-list";

/** The search parameters of the audit log. `from` and `to` are days in the page's zone. */
export const auditLogPageQuerySchema = z.object({
  page: pageQuerySchema.shape.page.catch(1),
  limit: pageQuerySchema.shape.limit.catch(20),
  /** `user:<id>`, `staff:<id>`, `api_key:<id>` or `system:`. */
  who: loose(z.string().regex(/^(user|staff|api_key|system):[0-9a-f-]{0,36}$/)),
  /** `api_key.created`, or a noun alone: `api_key`. */
  action: loose(
    z
      .string()
      .regex(/^[a-z_]+(\.[a-z_]+)?$/)
      .max(100),
  ),
  /** The id of what it was done to. */
  object: loose(text(100)),
  q: loose(text(320)),
  range: loose(rangeSchema),
  from: loose(daySchema),
  to: loose(daySchema),
});
export type AuditLogPageQuery = z.output<typeof auditLogPageQuerySchema>;
