package io.millrace.ingress.webhook;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The deliveries to one receiver, as far as they must be in memory. Not thread-safe. */
final class Line {

    /** The head of a line in which nothing waits. */
    static final long NOBODY = Long.MAX_VALUE;

    private static final int AT_ONCE = 8;

    private final String name;
    private final Map<String, Long> underWay = new HashMap<>();
    private long headMillis = NOBODY;
    private boolean ailing;

    Line(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Returns when the first that waits is due, or a time before that. */
    long headMillis() {
        return headMillis;
    }

    void head(long millis) {
        headMillis = millis;
    }

    /** Returns how many more may be under way: one in all while the receiver does badly. */
    int room() {
        return Math.max(0, (ailing ? 1 : AT_ONCE) - underWay.size());
    }

    /** Returns whether there is one to take, now or later. */
    boolean waits() {
        return headMillis != NOBODY && room() > 0;
    }

    /** Returns whether nothing need be known of it. */
    boolean empty() {
        return headMillis == NOBODY && underWay.isEmpty();
    }

    Set<String> underWay() {
        return underWay.keySet();
    }

    /** Remembers how the receiver did. */
    void did(boolean well) {
        ailing = !well;
    }

    /** One that waited is under way. */
    void out(DeliveryStore.Place place) {
        underWay.put(place.id(), place.dueMillis());
    }

    /** One is under way no more; returns when it was due, or none if it was not under way. */
    OptionalLong back(String id) {
        Long due = underWay.remove(id);
        return due == null ? OptionalLong.empty() : OptionalLong.of(due);
    }
}
