package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.blob.ClaimCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over to a slot's next owner what came of the calls that run, or ran, here. Thread-safe.
 *
 * <p>Nobody is asked whether there is a next owner: the log keeps it for whoever comes.
 */
final class HandingOver {

    private static final Logger LOG = LoggerFactory.getLogger(HandingOver.class);
    private static final int TRIES = 10;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final HandoffLog log;
    private final ClaimCheck claimCheck;
    private final ExecutionMeters meters;
    private final Background background;
    private final AtomicInteger pending = new AtomicInteger();

    HandingOver(
            HandoffLog log, ClaimCheck claimCheck, ExecutionMeters meters, Background background) {
        this.log = log;
        this.claimCheck = claimCheck;
        this.meters = meters;
        this.background = background;
    }

    /** Hands over what this process's last attempt for the job came to, if it made one. */
    void tell(Job job) {
        job.progress()
                .made()
                .ifPresent(made -> {
                    Optional<byte[]> body = job.progress().last().map(Progress.Last::body);
                    tell(job.slot().number(), withBody(job, made, body.orElse(new byte[0])));
                });
    }

    /** Hands over what a settlement that is void would have settled; returns at once. */
    void tell(Settlement lost) {
        lost.handoff()
                .ifPresent(handoff -> {
                    pending.incrementAndGet();
                    background.run(
                            "handing-over",
                            () -> {
                                try {
                                    tell(lost.slot().number(), handoff);
                                } finally {
                                    pending.decrementAndGet();
                                }
                            });
                });
    }

    /** Hands over, trying again for as long as a next owner is likely to wait for it. */
    void tell(int slot, Handoff handoff) {
        for (int i = 0; i < TRIES; i++) {
            try {
                log.append(slot, handoff);
                meters.handedOver(handoff.getOutcome());
                return;
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("job", handoff.getJobId())
                        .setCause(e)
                        .log("outcome is not handed over yet");
                background.pause(PAUSE);
            }
        }
    }

    /** Returns how many are being handed over besides those whose call's thread does it. */
    int pending() {
        return pending.get();
    }

    private Handoff withBody(Job job, Handoff made, byte[] body) {
        if (body.length == 0) {
            return made;
        }
        try {
            Payload payload = claimCheck.checkIn(body, Endings.bodyKey(job));
            return Handoffs.with(made, payload);
        } catch (IOException e) {
            // the next owner calls again, which is all that can be done with an answer nobody keeps
            LOG.atError().addKeyValue("job", job.id()).setCause(e).log("answer is not stored");
            return Handoff.newBuilder(made).setOutcome("unknown").setError(null).build();
        }
    }
}
