package io.millrace.standalone.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** What {@code kafka-storage.sh format} does: gives a new log directory its cluster id. */
final class LogFormat {

    private LogFormat() {}

    /** Formats the directory, unless it already is. */
    static void ensure(Path logs) {
        if (Files.exists(logs.resolve("meta.properties"))) {
            return;
        }
        Formatter formatter = new Formatter();
        formatter.setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        formatter.setClusterId(Uuid.randomUuid().toString());
        formatter.setNodeId(BrokerSettings.NODE_ID);
        formatter.setDirectories(List.of(logs.toString()));
        formatter.setMetadataLogDirectory(logs.toString());
        formatter.setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER);
        formatter.setReleaseVersion(MetadataVersion.LATEST_PRODUCTION);
        formatter.setIgnoreFormatted(true);
        formatter.setHasDynamicQuorum(false);
        try {
            formatter.run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format the broker directory " + logs, e);
        }
    }
}
