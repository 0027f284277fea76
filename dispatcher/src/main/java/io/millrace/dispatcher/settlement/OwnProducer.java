package io.millrace.dispatcher.settlement;

import io.millrace.servicekit.kafka.Bound;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one transactional producer of a process. One that was discarded is replaced only after a poll
 * has confirmed what this process owns: until then it may be a zombie. One thread uses it.
 */
final class OwnProducer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnProducer.class);

    private final Ownership ownership;
    private final Supplier<Bound<Producer<byte[], byte[]>>> producers;
    private Optional<Bound<Producer<byte[], byte[]>>> producer = Optional.empty();
    private long confirmedAtLoss = -1;

    /**
     * Has none yet.
     *
     * @param producers makes a transactional producer, not initialised yet
     */
    OwnProducer(Ownership ownership, Supplier<Bound<Producer<byte[], byte[]>>> producers) {
        this.ownership = ownership;
        this.producers = producers;
    }

    /**
     * Returns whether there is one, which is made if that may be.
     *
     * @param first what is to be done with one that was made, before it is used; when it throws
     *     there is none
     */
    boolean isReady(Runnable first) {
        if (producer.isPresent()) {
            return true;
        }
        if (ownership.confirmations() <= confirmedAtLoss) {
            return false;
        }
        try {
            producer = Optional.of(initialised(producers.get(), first));
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("no transactional producer yet");
            return false;
        }
    }

    /** Returns it; there is one. */
    Producer<byte[], byte[]> client() {
        return producer.orElseThrow().client();
    }

    /** Gives it up; what it had open is ended by the next one, one way or the other. */
    void discard() {
        confirmedAtLoss = ownership.confirmations();
        producer.ifPresent(OwnProducer::drop);
        producer = Optional.empty();
    }

    @Override
    public void close() {
        discard();
    }

    private static Bound<Producer<byte[], byte[]>> initialised(
            Bound<Producer<byte[], byte[]>> made, Runnable first) {
        try {
            made.client().initTransactions();
            first.run();
            return made;
        } catch (RuntimeException e) {
            drop(made);
            throw e;
        }
    }

    // without waiting: what was open is ended by the next producer of the same transactional id
    private static void drop(Bound<Producer<byte[], byte[]>> lost) {
        lost.client().close(Duration.ZERO);
        lost.close();
    }
}
