package io.millrace.servicekit.admin;

import java.util.List;

/**
 * A meter as docs/metrics.md describes it.
 *
 * @param name as Prometheus shows it
 * @param type counter, gauge, timer or summary
 * @param help what it measures, with its unit
 * @param labels names of its labels
 */
public record MeterDoc(String name, String type, String help, List<String> labels) {

    public MeterDoc {
        labels = List.copyOf(labels);
    }

    /** Returns its row of the page, in Markdown. */
    public String toMarkdown() {
        String shown = labels.isEmpty() ? "" : "`" + String.join("`, `", labels) + "`";
        return "| `%s` | %s | %s | %s |%n".formatted(name, type, shown, help);
    }
}
