package io.millrace.dispatcher.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The API keys of a provider, used in turn. One that the provider refused is set aside for a while;
 * when all are, they are all tried again. Thread-safe.
 */
public final class KeyRing {

    /** How long a key is set aside that the provider refused. */
    public static final Duration ASIDE = Duration.ofMinutes(1);

    private final KeySource source;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, Instant> asideUntil = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public KeyRing(KeySource source) {
        this.source = source;
    }

    /** Returns the key for the next call, if there is any. */
    public Optional<String> next(Instant now) {
        List<String> all = source.currentKeys();
        asideUntil.keySet().retainAll(all);
        known.retainAll(all);
        List<String> usable = usable(all, now);
        List<String> keys = usable.isEmpty() ? all : usable;
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(keys.get(Math.floorMod(turn.getAndIncrement(), keys.size())));
    }

    /** Sets a key aside until then, and says whether another one is left. */
    public boolean setAside(String key, Instant until, Instant now) {
        asideUntil.merge(key, until, (one, other) -> one.isAfter(other) ? one : other);
        return hasUsable(now);
    }

    /** Returns whether there is more than one key now, usable or not. */
    public boolean areSeveral() {
        return source.currentKeys().size() > 1;
    }

    /** Returns whether another key could be used in place of one. */
    public boolean hasOther(String key, Instant now) {
        return usable(source.currentKeys(), now).stream().anyMatch(other -> !other.equals(key));
    }

    /** Returns whether this is news: the first refusal of the key since it last worked. */
    public boolean isNews(String key) {
        return known.add(key);
    }

    /** Notes that the provider took a key; says whether it had refused it before. */
    public boolean worked(String key) {
        return known.remove(key);
    }

    /** Returns the text without any key, whole or shortened as providers quote them. */
    public String scrub(String text) {
        String scrubbed = text;
        for (String key : source.currentKeys()) {
            scrubbed = scrubbed.replace(key, "***");
        }
        return scrubbed.replaceAll("\\b(sk|pk|gsk|key)-[A-Za-z0-9_*.-]{4,}", "***");
    }

    private boolean hasUsable(Instant now) {
        return !usable(source.currentKeys(), now).isEmpty();
    }

    private List<String> usable(List<String> all, Instant now) {
        List<String> usable = new ArrayList<>(all);
        usable.removeIf(key -> now.isBefore(asideUntil.getOrDefault(key, Instant.MIN)));
        return usable;
    }
}
