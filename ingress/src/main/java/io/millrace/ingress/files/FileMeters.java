package io.millrace.ingress.files;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.servicekit.admin.MeterDoc;
import java.util.List;

/** What the files room counts. Thread-safe. */
public final class FileMeters {

    /** The meters, for the reference page. */
    public static final List<MeterDoc> DOCS =
            List.of(
                    new MeterDoc(
                            "millrace_files_received_bytes_total",
                            "counter",
                            "Content of files that was stored",
                            List.of()),
                    new MeterDoc(
                            "millrace_files_sent_bytes_total",
                            "counter",
                            "Content of files that was sent to clients",
                            List.of()));

    private final Counter received;
    private final Counter sent;

    /** Registers the meters. */
    public FileMeters(MeterRegistry meters) {
        received =
                Counter.builder("millrace.files.received")
                        .description("Content of files that was stored")
                        .baseUnit("bytes")
                        .register(meters);
        sent =
                Counter.builder("millrace.files.sent")
                        .description("Content of files that was sent to clients")
                        .baseUnit("bytes")
                        .register(meters);
    }

    void received(long bytes) {
        received.increment((double) bytes);
    }

    void sent(long bytes) {
        sent.increment((double) bytes);
    }
}
