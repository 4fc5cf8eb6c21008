import { AsyncLocalStorage } from "node:async_hooks";
import {
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { maskText } from "./redaction";
import type { Telemetry } from "./telemetry";

/**
 * Traces over OTLP/HTTP. Nothing is registered globally: what a span belongs to is kept here. The exporter reads
 * the other OTEL_EXPORTER_OTLP_* variables, such as the headers, from the environment itself.
 */
export function createTracing(endpoint: string): Pick<Telemetry, "span" | "traceparent" | "stop"> {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": process.env.OTEL_SERVICE_NAME || "kadosei" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("kadosei");
  const running = new AsyncLocalStorage<Span>();

  return {
    async span(name, attributes, work, parent) {
      const remote = parent ? spanContextOf(parent) : null;
      const above = running.getStore();
      const context = remote
        ? trace.setSpanContext(ROOT_CONTEXT, remote)
        : above
          ? trace.setSpan(ROOT_CONTEXT, above)
          : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { attributes }, context);
      try {
        return await running.run(span, work);
      } catch (error) {
        span.setStatus({
          code: SpanStatusCode.ERROR,
          message: maskText(error instanceof Error ? error.message : String(error)),
        });
        throw error;
      } finally {
        span.end();
      }
    },
    traceparent() {
      const context = running.getStore()?.spanContext();
      return context
        ? `00-${context.traceId}-${context.spanId}-${context.traceFlags.toString(16).padStart(2, "0")}`
        : null;
    },
    // A collector that is away must not hold a shutdown up.
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

function spanContextOf(traceparent: string): SpanContext | null {
  const [, traceId = "", spanId = "", flags = ""] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(context) ? context : null;
}
