package io.millrace.standalone.assembly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.data.SecretFile;
import io.millrace.standalone.process.RefusedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The secrets that {@code up} makes at its first start and keeps in its data folder, so that no
 * default secret exists.
 *
 * @param masterKey what the services of the deployment share, in {@code run/master-key}
 * @param operatorKey API key that may do everything, in {@code run/keys.json}
 * @param tenantKey API key of the tenant {@code default}, in {@code run/keys.json}
 */
public record BootSecrets(String masterKey, String operatorKey, String tenantKey) {

    private static final int BYTES = 32;
    private static final String MASTER_KEY = "master-key";
    private static final String KEYS = "keys.json";
    private static final String OPERATOR = "operator";
    private static final String TENANT = "default";

    /** Reads them from the data folder; draws and writes those that are not there yet. */
    public static BootSecrets in(DataDirectory data, RandomGenerator random) {
        SecretFile keyFile = data.secret(KEYS);
        JsonNode keys =
                keyFile.read()
                        .map(text -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
                        .orElseGet(() -> drawn(keyFile, random));
        return new BootSecrets(
                masterKey(data.secret(MASTER_KEY), random),
                key(keyFile, keys, OPERATOR),
                key(keyFile, keys, TENANT));
    }

    /** Where the API keys are. */
    public static Path keysFile(DataDirectory data) {
        return data.secret(KEYS).path();
    }

    /** Where the master key is. */
    static Path masterKeyFile(DataDirectory data) {
        return data.secret(MASTER_KEY).path();
    }

    @Override
    public String toString() {
        return "BootSecrets[***]";
    }

    private static JsonNode drawn(SecretFile file, RandomGenerator random) {
        ObjectNode keys = Json.object();
        keys.put(OPERATOR, "mr_" + digits(random));
        keys.put(TENANT, "mr_" + digits(random));
        file.write(keys.toPrettyString() + "\n");
        return keys;
    }

    private static String masterKey(SecretFile file, RandomGenerator random) {
        Optional<String> kept = file.read().map(String::strip);
        return kept.orElseGet(() -> {
            String drawn = digits(random);
            file.write(drawn + "\n");
            return drawn;
        });
    }

    private static String key(SecretFile file, JsonNode keys, String name) {
        JsonNode key = keys.path(name);
        if (!key.isTextual() || key.asText().isBlank()) {
            throw new RefusedException(file.path() + ": " + name + ": is missing");
        }
        return key.asText();
    }

    private static String digits(RandomGenerator random) {
        byte[] drawn = new byte[BYTES];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }
}
