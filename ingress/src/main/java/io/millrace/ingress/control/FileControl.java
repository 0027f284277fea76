package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Applies the entities of the file to the control topic. */
public final class FileControl {

    private final ControlWriter writer;
    private final InstantSource clock;

    /** Writes through that writer. */
    public FileControl(ControlWriter writer, InstantSource clock) {
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * Returns after the topic says what the file and the command want.
     *
     * @throws org.apache.kafka.common.KafkaException when that could not be reached in any of the
     *     tries
     */
    public void apply(ControlConfig config, BootKeys boot) {
        Wishes wishes = Wishes.of(config, boot);
        writer.change(
                true,
                current -> {
                    Map<String, Optional<ControlRecord>> changes = new LinkedHashMap<>();
                    Changes.between(current, wishes, clock.instant())
                            .forEach((key, record) -> changes.put(key, Optional.of(record)));
                    return changes;
                });
    }
}
