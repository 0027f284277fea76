package io.millrace.standalone.assembly;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Secret;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.kafka.KafkaConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What every service of a deployment must be told alike.
 *
 * @param kafka the cluster
 * @param internal what services show each other
 * @param blobs directory for payloads too large for the log
 */
public record SharedConfig(KafkaConfig kafka, InternalCredential internal, Path blobs) {

    private static final String AUTH = "auth";
    private static final String BLOBS = "blobs";

    private static final Setting<Secret> MASTER_KEY =
            Setting.secret(
                    "master-key",
                    "At least 32 bytes, the same for all services; `up` makes one under its data"
                            + " folder");
    private static final Setting<Path> DIRECTORY =
            new Setting<>(
                    "directory",
                    "Directory that all services share; absent: `blobs` in the data folder",
                    "path",
                    Optional.empty(),
                    Path::of);

    /** The section of the reference page. */
    public static final Reference BLOBS_REFERENCE =
            new Reference(BLOBS, "Payloads above 512 KiB.", List.of(DIRECTORY));

    /** Reads it from the root of the file; {@code blobs} lies in the data folder by default. */
    public static SharedConfig from(Section root, Path data) {
        Section blobs = root.section(BLOBS);
        blobs.allow(BLOBS_REFERENCE.keys());
        return new SharedConfig(
                KafkaConfig.from(root.section("kafka")),
                credential(root.section(AUTH)),
                blobs.find(DIRECTORY).orElse(data.resolve(BLOBS)).toAbsolutePath());
    }

    /** Refuses what no service could start with; a master key may still be missing. */
    static void check(Section root) {
        Section blobs = root.section(BLOBS);
        blobs.allow(BLOBS_REFERENCE.keys());
        blobs.find(DIRECTORY);
        KafkaConfig.from(root.section("kafka"));
        if (root.section(AUTH).has(MASTER_KEY.key())) {
            credential(root.section(AUTH));
        }
    }

    private static InternalCredential credential(Section auth) {
        Secret masterKey = auth.get(MASTER_KEY);
        try {
            return InternalCredential.of(masterKey.reveal(auth.environment()));
        } catch (IllegalArgumentException e) {
            throw auth.refusal(MASTER_KEY.key(), String.valueOf(e.getMessage()));
        }
    }
}
