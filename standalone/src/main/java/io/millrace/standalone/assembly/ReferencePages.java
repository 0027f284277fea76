package io.millrace.standalone.assembly;

import io.millrace.servicekit.admin.MeterDoc;
import io.millrace.servicekit.config.Reference;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pages of docs/ that are made from code: what may be configured, and what is measured. */
public final class ReferencePages {

    private static final String CONFIGURATION_HEAD =
            """
            # Configuration

            <!-- Made from the config records by the hidden command `docs`; a test refuses a stale page. -->

            One file, `millrace.yaml`, serves all commands; each reads the sections it needs. Unknown keys are errors. `${NAME}` within a value
            reads the environment, and a secret may be `file:/path`. Durations are written `500ms 5s 10m 24h 30d`, sizes `64B 512KiB 200MiB 1GiB`,
            money is in US dollars. `./millrace config check FILE` reads a file as every service would.

            """;

    private static final String METRICS_HEAD =
            """
            # Metrics

            <!-- Made from the meters by the hidden command `docs`; a test refuses a stale page. -->

            Every process serves these at `/metrics` of its admin port, in Prometheus' text format, beside `/health/live` and `/health/ready`. A timer
            has the suffixes `_count`, `_sum` and `_max`. Besides these there are Micrometer's own of the JVM (`jvm_*`, `process_*`, `system_*`) and those of
            the Kafka clients and Kafka Streams (`kafka_*`).

            """;

    private ReferencePages() {}

    /** Returns the pages by the names of their files. */
    public static Map<String, String> all() {
        Map<String, String> pages = new TreeMap<>();
        pages.put("configuration.md", configuration(Services.references()));
        pages.put("metrics.md", metrics(Services.meters()));
        return pages;
    }

    static String configuration(List<Reference> sections) {
        StringBuilder page = new StringBuilder(CONFIGURATION_HEAD);
        sections.forEach(section -> page.append(section.toMarkdown()).append('\n'));
        return page.toString().stripTrailing() + "\n";
    }

    static String metrics(Map<ServiceKind, List<MeterDoc>> services) {
        StringBuilder page = new StringBuilder(METRICS_HEAD);
        services.forEach((service, meters) -> {
            page.append("## %s\n\n".formatted(service.commandName()));
            page.append("| name | type | labels | what |\n|---|---|---|---|\n");
            meters.forEach(meter -> page.append(row(meter)));
            page.append('\n');
        });
        return page.toString().stripTrailing() + "\n";
    }

    private static String row(MeterDoc meter) {
        String labels =
                meter.labels().isEmpty() ? "" : "`" + String.join("`, `", meter.labels()) + "`";
        return "| `%s` | %s | %s | %s |\n"
                .formatted(meter.name(), meter.type(), labels, meter.help());
    }
}
