package io.millrace.dispatcher.provider.dialect;

import io.millrace.dispatcher.provider.KeySource;
import io.millrace.servicekit.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that references point to: {@code env:NAME}, {@code file:/path}, {@code
 * config:<provider>}. They are followed anew every second, so that a key can be changed without a
 * restart. Thread-safe.
 */
final class ReferencedKeys implements KeySource {

    private static final Logger LOG = LoggerFactory.getLogger(ReferencedKeys.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    private static final Pattern KIND = Pattern.compile("env:|file:|config:");
    private static final String NO_REFERENCE = "(no reference)"; // it may be a key by mistake

    private final List<String> references;
    private final Map<String, String> environment;
    private final ConfiguredKeys configured;
    private final InstantSource clock;
    private volatile Found found = new Found(List.of(), List.of(), Instant.MIN);

    ReferencedKeys(
            List<String> references,
            Map<String, String> environment,
            ConfiguredKeys configured,
            InstantSource clock) {
        this.references = List.copyOf(references);
        this.environment = Map.copyOf(environment);
        this.configured = configured;
        this.clock = clock;
    }

    /** What the references led to, the ones that led nowhere, and until when that counts. */
    private record Found(List<String> keys, List<String> dangling, Instant until) {

        @Override
        public String toString() {
            return "Found[keys=%d, until=%s]".formatted(keys.size(), until);
        }
    }

    @Override
    public List<String> currentKeys() {
        Found current = found;
        Instant now = clock.instant();
        if (now.isBefore(current.until())) {
            return current.keys();
        }
        Found next = follow(now);
        if (!next.dangling().equals(current.dangling()) && !next.dangling().isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("references", next.dangling())
                    .log("API key references lead to no usable key");
        }
        found = next;
        return next.keys();
    }

    private Found follow(Instant now) {
        List<String> keys = new ArrayList<>();
        List<String> dangling = new ArrayList<>();
        for (String reference : references) {
            List<String> led = new ArrayList<>(follow(reference));
            led.removeIf(key -> !HEADER_SAFE.matcher(key).matches());
            if (led.isEmpty()) {
                dangling.add(KIND.matcher(reference).lookingAt() ? reference : NO_REFERENCE);
            }
            keys.addAll(led);
        }
        return new Found(keys.stream().distinct().toList(), List.copyOf(dangling), now.plus(FRESH));
    }

    private List<String> follow(String reference) {
        int colon = reference.indexOf(':');
        String where = reference.substring(colon + 1);
        try {
            return switch (reference.substring(0, Math.max(0, colon))) {
                case "env" -> List.of(new Secret.Environment(where).reveal(environment));
                case "file" -> List.of(new Secret.Content(Path.of(where)).reveal(environment));
                case "config" -> configured.of(where);
                default -> List.of();
            };
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }
}
