package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.id.JobId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one job, told as they come: {@code job.queued}, {@code job.started}, {@code
 * job.retrying} for each further attempt, then the terminal one, which ends the stream.
 *
 * <p>The end is what the view wakes for. That an attempt has started only the dispatcher knows,
 * which is asked each second; what it did not tell in time is told from the history that comes with
 * the end, so that no event is missing from any stream. Thread-safe.
 */
final class JobEvents {

    private static final Logger LOG = LoggerFactory.getLogger(JobEvents.class);

    private static final int MOST_STREAMS = 1024;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PING = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final JobView view;
    private final BiFunction<JobId, Sighting, Standing> standings;
    private final BiFunction<Sighting, Standing, ObjectNode> json;
    private final InstantSource clock;
    private final Semaphore free = new Semaphore(MOST_STREAMS);

    /**
     * Tells what that view sees.
     *
     * @param standings tells where a job stands
     * @param json writes a job
     */
    JobEvents(
            JobView view,
            BiFunction<JobId, Sighting, Standing> standings,
            BiFunction<Sighting, Standing, ObjectNode> json,
            InstantSource clock) {
        this.view = view;
        this.standings = standings;
        this.json = json;
        this.clock = clock;
    }

    /** Answers with the events until the job has ended, the client has gone, or an hour is over. */
    void stream(ServerRequest request, ServerResponse answer, OwnJobs.Seen job) {
        if (!free.tryAcquire()) {
            throw new UnavailableException(
                    "Too many streams of events are open at the moment.", Duration.ofSeconds(1));
        }
        long known = EventWriter.lastKnown(request);
        answer.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        answer.header(HeaderNames.CACHE_CONTROL, "no-store");
        try (OutputStream out = answer.outputStream()) {
            tell(new EventWriter(out, known), job);
        } catch (IOException | UncheckedIOException e) {
            LOG.atDebug().addKeyValue("job", job.id()).setCause(e).log("client of events is gone");
        } finally {
            free.release();
        }
    }

    private void tell(EventWriter writer, OwnJobs.Seen job) throws IOException {
        Sighting seen = job.sighting();
        Instant end = clock.instant().plus(LONGEST);
        Instant pingAt = clock.instant().plus(PING);
        writer.queued(json.apply(asQueued(seen), Standing.UNKNOWN));
        while (seen.result().isEmpty() && clock.instant().isBefore(end)) {
            Standing standing = standings.apply(job.id(), seen);
            if (writer.attempts(standing.history(), json.apply(seen, standing))) {
                pingAt = clock.instant().plus(PING);
            } else if (!clock.instant().isBefore(pingAt)) {
                writer.ping();
                pingAt = clock.instant().plus(PING);
            }
            long asked = System.nanoTime();
            seen = awaited(job.id(), seen);
            if (seen.result().isEmpty() && System.nanoTime() - asked < LOOK.toNanos() / 2) {
                return; // nobody waits any more: this ingress is going away
            }
        }
        if (seen.result().isPresent()) {
            ObjectNode ended = json.apply(seen, Standing.UNKNOWN);
            writer.attempts(seen.result().get().getHistory(), ended);
            writer.ended(JobStatusWord.of(seen), ended);
        }
    }

    private Sighting awaited(JobId id, Sighting seen) {
        try {
            return new Sighting(
                    seen.record().orElse(null), view.awaitResult(id, LOOK).orElse(null));
        } catch (UnavailableException e) {
            LOG.atDebug().addKeyValue("job", id).setCause(e).log("the view moves");
            return seen;
        }
    }

    /** Returns the job as it was when it was accepted, if that is known. */
    private static Sighting asQueued(Sighting seen) {
        return seen.record().map(record -> new Sighting(record, null)).orElse(seen);
    }
}
