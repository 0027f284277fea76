package io.millrace.servicekit.admin;

import java.util.List;

/**
 * A meter of ours as the reference page shows it.
 *
 * @param name name in Prometheus, unit and suffix included
 * @param type counter, gauge or timer
 * @param help what it counts, with its unit
 * @param labels names of its labels, each with a bounded number of values
 */
public record MeterDoc(String name, String type, String help, List<String> labels) {

    public MeterDoc {
        labels = List.copyOf(labels);
    }
}
