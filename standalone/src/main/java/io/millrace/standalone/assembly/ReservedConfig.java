package io.millrace.standalone.assembly;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.time.Duration;
import java.util.List;

/**
 * Sections whose names and keys are fixed, though nothing reads them yet; their values are checked.
 */
final class ReservedConfig {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TEN_YEARS = Duration.ofDays(3_650);
    private static final long MIB = 1024 * 1024;

    private static final Reference RETENTION =
            new Reference(
                    "retention",
                    "How long what is kept. Reserved: topics are made with the defaults.",
                    List.of(
                            days("results", "Results of jobs").withDefault("30d"),
                            days("files", "Uploaded and produced files").withDefault("30d"),
                            days("usage", "Usage records").withDefault("400d"),
                            days("attempts", "The journal of attempts").withDefault("7d"),
                            days("dead-letters", "Dead letters").withDefault("30d")));
    private static final Reference CACHE =
            new Reference(
                    "cache",
                    "Where answers are cached. Reserved: not built yet.",
                    List.of(
                            Setting.size("memory", "In each process", 0, 64 * 1024 * MIB)
                                    .withDefault("64MiB"),
                            Setting.text("redis", "Address of a Redis that processes share")));

    /** The sections of the reference page. */
    static final List<Reference> REFERENCES = List.of(RETENTION, CACHE);

    private ReservedConfig() {}

    /** Refuses unknown keys and values out of range. */
    static void check(Section root) {
        for (Reference reference : REFERENCES) {
            Section section = root.section(reference.path());
            section.allow(reference.keys());
            reference.settings().forEach(section::find);
        }
    }

    private static Setting<Duration> days(String key, String doc) {
        return Setting.duration(key, doc, DAY, TEN_YEARS);
    }
}
