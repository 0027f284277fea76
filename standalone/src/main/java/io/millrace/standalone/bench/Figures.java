package io.millrace.standalone.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import java.util.List;
import java.util.Locale;

/** The figures of a run, with the method they were found by. */
public record Figures(BenchPlan plan, List<Figure> figures) {

    private static final String METHOD =
            """
            Simulated provider, broker with registry, ingress, dispatcher and usage-aggregator are processes of their own on this
            machine, as is the load generator: they share its processors. 16 slots, 50 tenants, a chat request of 0.6 KB, the
            provider's answer of 8 to 24 words. All services run while each figure is measured, and what was accepted has ended
            before the next one begins. Before the first one all are loaded until their compilers have come to rest.
            accepted: clients that each wait for their 202 (acks=all). Floor: senders that each wait for acks=all of a 1 KiB record.
            submit to result: from before POST /v1/jobs to after GET with Prefer: wait, begun at fixed times; the provider's own
            time is taken off job by job, by its ledger (20 ms each). Floor: from send to read of a 1 KiB record, acks=all.
            end to end: from the first submission to the last committed result, 64 connections. Floor: the same records, one hop.
            CPU: user and system time of each process during end to end, the broker's with its registry. Floor: the broker's.
            flood: one tenant has submitted its jobs to a provider of 64 slots and 200 ms; the jobs of 15 others to the same provider
            are timed as a whole, 20 a second, before it and beside it. Busy: the share of the slots' time that its calls filled.
            calls in flight: calls that outlast their submission, counted by the provider's ledger; memory and threads of the dispatcher as Linux has them.\
            """;

    public Figures {
        figures = List.copyOf(figures);
    }

    /** Returns the figures for machines. */
    public ObjectNode json() {
        ObjectNode json = Json.object();
        ObjectNode machine = json.putObject("machine");
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("java", System.getProperty("java.vm.version"));
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        ObjectNode run = json.putObject("plan");
        run.put("accepting_seconds", plan.accepting().toSeconds());
        run.put("overhead_seconds", plan.overhead().toSeconds());
        ArrayNode rates = run.putArray("overhead_jobs_per_second");
        plan.rates().forEach(rates::add);
        run.put("warm_up_seconds", plan.warmUp().toSeconds());
        run.put("end_to_end_jobs", plan.jobs());
        run.put("flood_jobs", plan.flood());
        run.put("long_calls", plan.longCalls());
        run.put("long_call_seconds", plan.longCall().toSeconds());
        json.put("method", METHOD);
        ArrayNode list = json.putArray("figures");
        for (Figure figure : figures) {
            ObjectNode entry = list.addObject();
            entry.put("name", figure.name());
            entry.put("unit", figure.unit());
            entry.put("value", rounded(figure.value()));
            if (figure.floor() > 0) {
                entry.put("floor", rounded(figure.floor()));
            }
        }
        return json;
    }

    /** Returns the figures and their method for people. */
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(row("figure", "unit", "millrace", "floor"));
        for (Figure figure : figures) {
            table.append(
                    row(
                            figure.name(),
                            figure.unit(),
                            shown(figure.value()),
                            figure.floor() > 0 ? shown(figure.floor()) : "-"));
        }
        return table.append('\n').append(METHOD).append('\n').toString();
    }

    private static String row(String name, String unit, String value, String floor) {
        return String.format(Locale.ROOT, "%-50s %-12s %10s %10s%n", name, unit, value, floor);
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
