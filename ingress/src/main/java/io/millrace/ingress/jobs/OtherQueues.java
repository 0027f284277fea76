package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingress.admission.Queued;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What is queued in the partitions that other ingresses hold, as they said a moment ago. It keeps a
 * word for each tenant with a quota. Thread-safe.
 */
final class OtherQueues {

    /** Where one is asked; the tenant follows. */
    static final String PATH = "/internal/queued/";

    /** While partitions move, what was said last stands for that time. */
    private static final Duration STANDS = Duration.ofSeconds(30);

    private final QueuedWork own;
    private final int partitions;
    private final Function<String, List<byte[]>> askOthers;
    private final InstantSource clock;
    private final Map<TenantId, Word> words = new ConcurrentHashMap<>();

    /**
     * Asks the others of the same view.
     *
     * @param partitions how many the view has, all ingresses together
     * @param askOthers asks all others on an inner route
     */
    OtherQueues(
            QueuedWork own,
            int partitions,
            Function<String, List<byte[]>> askOthers,
            InstantSource clock) {
        this.own = own;
        this.partitions = partitions;
        this.askOthers = askOthers;
        this.clock = clock;
    }

    /**
     * Returns what is queued elsewhere, by a word that is not older.
     *
     * @throws UnavailableException when nobody can say, nor could 30 seconds ago
     */
    Queued of(TenantId tenant, Duration oldest) {
        if (own.partitions() == partitions) {
            return Queued.NOTHING;
        }
        return word(tenant).heard(tenant, oldest);
    }

    /**
     * Returns what is queued elsewhere, asked after this was called.
     *
     * @throws UnavailableException when nobody can say, nor could 30 seconds ago
     */
    Queued now(TenantId tenant) {
        return own.partitions() == partitions ? Queued.NOTHING : word(tenant).asked(tenant);
    }

    private Word word(TenantId tenant) {
        return words.computeIfAbsent(tenant, _ -> new Word());
    }

    private Queued ask(TenantId tenant) {
        Queued sum = Queued.NOTHING;
        int counted = own.partitions();
        for (byte[] answer : askOthers.apply(PATH + tenant)) {
            JsonNode said = Json.parse(answer);
            sum = sum.plus(new Queued(said.path("jobs").asLong(), said.path("tokens").asLong()));
            counted += said.path("partitions").asInt();
        }
        if (counted < partitions) {
            throw new UnavailableException(
                    "A part of the job view is being restored.", Duration.ofSeconds(1));
        }
        return sum;
    }

    /** The last word about one tenant: one asks, the others wait for the answer. */
    private final class Word {

        private Queued said = Queued.NOTHING;
        private Instant at = Instant.MIN;

        synchronized Queued heard(TenantId tenant, Duration oldest) {
            return at.isBefore(clock.instant().minus(oldest)) ? asked(tenant) : said;
        }

        synchronized Queued asked(TenantId tenant) {
            Instant now = clock.instant();
            try {
                said = ask(tenant);
                at = now;
            } catch (UnavailableException e) {
                if (at.isBefore(now.minus(STANDS))) {
                    throw e;
                }
            }
            return said;
        }
    }
}
