package io.millrace.ingress.webhook;

import io.millrace.schemas.avro.WebhookDelivery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The lines of one partition: which receiver is served next, and when. Not thread-safe.
 *
 * <p>In memory there is one entry a line; the deliveries are in the store.
 */
final class Lines {

    private final DeliveryStore store;
    private final Map<String, Line> lines = new HashMap<>();
    private final TreeSet<Line> waiting =
            new TreeSet<>(Comparator.comparingLong(Line::headMillis).thenComparing(Line::name));
    private boolean scanned;
    private long pending;

    Lines(DeliveryStore store) {
        this.store = store;
    }

    /** What is to be sent now to one receiver. */
    record Batch(String line, List<String> ids) {}

    /** Learns what waits from the store, once more if need be. */
    void scan() {
        pending = 0;
        store.forEach((name, due) -> {
            Line line = lines.computeIfAbsent(name, Line::new);
            if (due < line.headMillis()) {
                move(line, due);
            }
            if (new Next(name, due).sends()) {
                pending++;
            }
        });
        scanned = true;
    }

    /** Keeps a new state of a delivery. */
    void put(WebhookDelivery delivery) {
        String id = delivery.getDeliveryId();
        store.put(delivery).ifPresent(old -> left(Next.of(old), id));
        Next next = Next.of(delivery);
        Line line = lines.computeIfAbsent(next.line(), Line::new);
        move(line, Math.min(line.headMillis(), next.dueMillis()));
        count(next, 1);
    }

    /** Forgets a delivery. */
    void remove(String id) {
        store.remove(id).ifPresent(old -> left(Next.of(old), id));
    }

    /** Returns when the first delivery that may be taken is due, or a time before that. */
    long headMillis() {
        return waiting.isEmpty() ? Line.NOBODY : waiting.first().headMillis();
    }

    /** Takes what is due of the line that is due longest; it may turn out to be nothing. */
    Batch take(long nowMillis) {
        Line line = waiting.first();
        int room = line.room();
        List<String> ids = new ArrayList<>();
        long head = Line.NOBODY;
        for (DeliveryStore.Place place :
                store.first(line.name(), line.headMillis(), line.underWay(), room + 1)) {
            if (ids.size() == room || place.dueMillis() > nowMillis) {
                head = place.dueMillis();
                break;
            }
            ids.add(place.id());
            line.out(place);
        }
        move(line, head);
        return new Batch(line.name(), List.copyOf(ids));
    }

    /** Remembers how the receiver of a line did. */
    void did(String name, boolean well) {
        Line line = lines.get(name);
        if (line != null) {
            line.did(well);
            move(line, line.headMillis());
        }
    }

    /** Lets a delivery wait again of which nothing became. */
    void again(String name, String id) {
        Line line = lines.get(name);
        if (line != null) {
            line.back(id).ifPresent(due -> move(line, Math.min(line.headMillis(), due)));
        }
    }

    /** Returns how many deliveries are neither done nor given up. */
    long pending() {
        return pending;
    }

    /** Returns since when the one that is due longest has been due; that time when none is. */
    long dueSinceMillis(long nowMillis) {
        for (Line line : waiting) {
            if (!line.name().equals(Next.ENDED)) {
                return Math.min(line.headMillis(), nowMillis);
            }
        }
        return nowMillis;
    }

    private void left(Next before, String id) {
        count(before, -1);
        Line line = lines.get(before.line());
        if (line == null) {
            return;
        }
        boolean head = line.back(id).isEmpty() && before.dueMillis() == line.headMillis();
        move(line, head ? headAfter(line) : line.headMillis());
    }

    private long headAfter(Line line) {
        return store.first(line.name(), line.headMillis(), line.underWay(), 1).stream()
                .mapToLong(DeliveryStore.Place::dueMillis)
                .findFirst()
                .orElse(Line.NOBODY);
    }

    private void count(Next next, int more) {
        if (scanned && next.sends()) {
            pending += more;
        }
    }

    // Where a line stands among those that wait follows from its head: both change together.
    private void move(Line line, long headMillis) {
        waiting.remove(line);
        line.head(headMillis);
        if (line.empty()) {
            lines.remove(line.name());
        } else if (line.waits()) {
            waiting.add(line);
        }
    }
}
