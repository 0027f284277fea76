package io.millrace.dispatcher.provider.openai;

import io.millrace.dispatcher.provider.KeySource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The API keys of a provider, used in turn. One that the provider refused is set aside for a while;
 * when all are, they are all tried again. Thread-safe.
 */
final class KeyRing {

    private static final Duration ASIDE = Duration.ofMinutes(1);

    private final KeySource source;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, Instant> asideUntil = new ConcurrentHashMap<>();

    KeyRing(KeySource source) {
        this.source = source;
    }

    /** Returns the key for the next call, if there is any. */
    Optional<String> next(Instant now) {
        List<String> all = source.currentKeys();
        asideUntil.keySet().retainAll(all);
        List<String> usable = usable(all, now);
        List<String> keys = usable.isEmpty() ? all : usable;
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(keys.get(Math.floorMod(turn.getAndIncrement(), keys.size())));
    }

    /** Sets a key aside, and says whether another one is left. */
    boolean refuse(String key, Instant now) {
        asideUntil.put(key, now.plus(ASIDE));
        return !usable(source.currentKeys(), now).isEmpty();
    }

    /** Returns the text without any key, whole or shortened as providers quote them. */
    String scrub(String text) {
        String scrubbed = text;
        for (String key : source.currentKeys()) {
            scrubbed = scrubbed.replace(key, "***");
        }
        return scrubbed.replaceAll("\\b(sk|pk|gsk|key)-[A-Za-z0-9_*.-]{4,}", "***");
    }

    private List<String> usable(List<String> all, Instant now) {
        List<String> usable = new ArrayList<>(all);
        usable.removeIf(key -> now.isBefore(asideUntil.getOrDefault(key, Instant.MIN)));
        return usable;
    }
}
