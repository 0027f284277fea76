package io.millrace.dispatcher.provider.local;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model and the cores that run it. Thread-safe.
 *
 * <p>Native code would hold the carriers of virtual threads for as long as it computes, so it runs
 * on threads of its own, one a core. Callers hand in few texts at a time ({@link #cores()}), so
 * that a long list does not keep a short one waiting.
 */
public final class Embedder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Embedder.class);
    private static final long IDLE_SECONDS = 60;
    private static final long LAST_TEXT_SECONDS = 10;

    private final Path directory;
    private final int cores;
    private final ThreadPoolExecutor workers;
    private @Nullable MiniLm model; // guarded by this

    /**
     * @param directory where the model's files are unpacked; nothing is written elsewhere
     * @param cores texts that are embedded at the same time
     */
    public Embedder(Path directory, int cores) {
        this.directory = directory;
        this.cores = cores;
        // Unbounded, but each call has few texts in it, and calls are bounded by their callers.
        this.workers =
                new ThreadPoolExecutor(
                        cores,
                        cores,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("local-model-", 0).factory());
        this.workers.allowCoreThreadTimeOut(true);
    }

    /**
     * Returns the model, loading it if it is not: about a second.
     *
     * @throws IOException when it cannot be loaded; the next call tries again
     */
    synchronized MiniLm model() throws IOException {
        if (workers.isShutdown()) {
            throw new IOException("the built-in model is closed");
        }
        if (model == null) {
            long start = System.nanoTime();
            model = MiniLm.load(directory);
            LOG.atInfo()
                    .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                    .log("built-in model loaded");
        }
        return model;
    }

    int cores() {
        return cores;
    }

    Future<float[]> submit(MiniLm loaded, MiniLm.Tokenized text) {
        return workers.submit(() -> loaded.embed(text));
    }

    @Override
    public synchronized void close() {
        workers.shutdownNow();
        try {
            boolean ended = workers.awaitTermination(LAST_TEXT_SECONDS, TimeUnit.SECONDS);
            if (ended && model != null) {
                model.close();
                model = null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (OrtException e) {
            LOG.atWarn().setCause(e).log("built-in model did not close");
        }
    }
}
