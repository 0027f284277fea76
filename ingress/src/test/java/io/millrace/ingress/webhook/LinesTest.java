package io.millrace.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.serde.AvroCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinesTest {

    private static final long T = 1_000_000;
    private static final AvroCodec<WebhookDelivery> CODEC = Bench.codecs().webhookDeliveries();

    private final DeliveryStore store = new DeliveryStore(Bench.memory(), CODEC);
    private final Lines lines = new Lines(store);

    @Test
    void whatIsDueLongestGoesFirstAndWhatIsNotDueWaits() {
        lines.put(pending(1, "a", T + 5));
        lines.put(pending(2, "b", T + 3));
        lines.put(pending(3, "b", T + 9));

        assertThat(lines.headMillis()).isEqualTo(T + 3);
        assertThat(lines.take(T + 6)).isEqualTo(new Lines.Batch(line("b"), List.of(id(2))));
        assertThat(lines.headMillis()).isEqualTo(T + 5);
        assertThat(lines.take(T + 6)).isEqualTo(new Lines.Batch(line("a"), List.of(id(1))));
        assertThat(lines.headMillis()).isEqualTo(T + 9);
    }

    @Test
    void ofOneReceiverEightAreUnderWayAndOneWhileItDoesBadly() {
        for (int i = 0; i < 20; i++) {
            lines.put(pending(i, "a", T + i));
        }

        assertThat(lines.take(T + 99).ids()).hasSize(8);
        assertThat(lines.headMillis()).isEqualTo(Line.NOBODY);

        lines.did(line("a"), false);
        for (int i = 0; i < 8; i++) {
            lines.put(ended(i, "a"));
        }
        assertThat(lines.take(T + 99).ids()).containsExactly(id(8));

        lines.did(line("a"), true);
        assertThat(lines.take(T + 99).ids()).hasSize(7).doesNotContain(id(8));
    }

    @Test
    void whatCameToNothingWaitsWhereItStood() {
        lines.put(pending(1, "a", T));
        lines.put(pending(2, "a", T + 50));
        assertThat(lines.take(T).ids()).containsExactly(id(1));

        lines.again(line("a"), id(1));

        assertThat(lines.headMillis()).isEqualTo(T);
        assertThat(lines.take(T).ids()).containsExactly(id(1));
    }

    @Test
    void oneWhoComesLaterFindsEverythingInTheStore() {
        lines.put(pending(1, "a", T));
        lines.put(pending(2, "b", T + 1));
        lines.put(ended(3, "b"));
        Lines next = new Lines(store);
        // applied before it has looked
        next.put(pending(4, "b", T - 1));

        next.scan();
        next.put(pending(5, "c", T + 2));

        assertThat(next.pending()).isEqualTo(4);
        assertThat(next.headMillis()).isEqualTo(T - 1);
        assertThat(next.dueSinceMillis(T + 10)).isEqualTo(T - 1);
        assertThat(next.take(T + 10).ids()).containsExactly(id(4), id(2));
    }

    @Test
    void nothingIsOverdueWhenOnlyWhatHasEndedWaits() {
        lines.scan();
        lines.put(ended(1, "a"));

        assertThat(lines.pending()).isZero();
        assertThat(lines.dueSinceMillis(T)).isEqualTo(T);
    }

    /** Against a plain list of what is due: nothing is left behind, taken twice or taken early. */
    @Test
    void nothingIsLeftBehindWhateverHappensInWhichOrder() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Lines mine = new Lines(new DeliveryStore(Bench.memory(), CODEC));
            Map<String, Long> waiting = new HashMap<>();
            Set<String> out = new HashSet<>();
            long now = T;
            mine.scan();
            for (int step = 0; step < 300; step++) {
                int number = random.nextInt(30);
                String receiver = "r" + number % 4;
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        long due = now + random.nextInt(40) - 20;
                        mine.put(pending(number, receiver, due));
                        waiting.put(id(number), due);
                        out.remove(id(number));
                    }
                    case 2 -> {
                        if (mine.headMillis() <= now) {
                            for (String id : mine.take(now).ids()) {
                                assertThat(waiting.get(id))
                                        .as("seed %d", seed)
                                        .isLessThanOrEqualTo(now);
                                assertThat(out.add(id)).as("seed %d", seed).isTrue();
                            }
                        }
                    }
                    case 3 -> {
                        if (out.remove(id(number))) {
                            mine.again(line(receiver), id(number));
                        }
                    }
                    case 4 -> {
                        mine.remove(id(number));
                        waiting.remove(id(number));
                        out.remove(id(number));
                    }
                    default -> {
                        now += random.nextInt(10);
                        mine.did(line(receiver), random.nextBoolean());
                    }
                }
                assertThat(mine.pending()).as("seed %d", seed).isEqualTo(waiting.size());
            }
            for (int receiver = 0; receiver < 4; receiver++) {
                mine.did(line("r" + receiver), true);
            }
            assertThat(drained(mine, new HashSet<>(out), waiting, T * 2))
                    .as("seed %d", seed)
                    .isEqualTo(waiting.keySet());
        }
    }

    // what is under way is recorded as ended, so that all that waits comes up
    private static Set<String> drained(
            Lines lines, Set<String> out, Map<String, Long> waiting, long end) {
        Set<String> seen = new HashSet<>();
        List<String> done = new ArrayList<>(out);
        for (int turn = 0; turn < 500; turn++) {
            for (String id : done) {
                if (waiting.containsKey(id)) {
                    seen.add(id);
                    int number = Integer.parseInt(id.substring(6));
                    lines.put(ended(number, "r" + number % 4));
                }
            }
            if (lines.headMillis() > end) {
                break;
            }
            done = lines.take(end).ids();
        }
        return seen;
    }

    private static String id(int number) {
        return "whd_00" + "%026d".formatted(number);
    }

    private static String line(String receiver) {
        return "acme~" + receiver;
    }

    private static WebhookDelivery pending(int number, String receiver, long due) {
        return delivery(number, receiver)
                .setStatus(DeliveryStatus.PENDING)
                .setDueAt(Instant.ofEpochMilli(due))
                .build();
    }

    private static WebhookDelivery ended(int number, String receiver) {
        return delivery(number, receiver)
                .setStatus(DeliveryStatus.DELIVERED)
                .setEndedAt(Instant.ofEpochMilli(T))
                .build();
    }

    private static WebhookDelivery.Builder delivery(int number, String receiver) {
        return WebhookDelivery.newBuilder()
                .setDeliveryId(id(number))
                .setTenant("acme")
                .setEndpointId(receiver)
                .setEventId("evt_" + number)
                .setEventType("job.completed")
                .setSubjectId("job_" + number)
                .setHappenedAt(Instant.ofEpochMilli(T));
    }
}
