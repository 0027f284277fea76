package io.millrace.dispatcher.provider.local;

import io.millrace.dispatcher.provider.ErrorBody;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.schemas.money.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in model as a provider: {@code /v1/embeddings} in OpenAI's shape. Thread-safe.
 *
 * <p>Usage counts the word pieces of the texts, all of which are embedded, without the two marks
 * that the model puts around each.
 */
public final class LocalProvider implements Provider {

    /** The name of the model. */
    public static final String MODEL = "all-minilm-l6-v2";

    private static final Logger LOG = LoggerFactory.getLogger(LocalProvider.class);
    private static final String ENDPOINT = "/v1/embeddings";
    private static final int OK = 200;

    private final Embedder embedder;
    private final InstantSource clock;

    /**
     * @param embedder stays open when the provider is closed: providers come and go with their
     *     states, the model does not
     */
    public LocalProvider(Embedder embedder, InstantSource clock) {
        this.embedder = embedder;
        this.clock = clock;
    }

    @Override
    public Outcome call(ProviderCall call) {
        if (!call.endpoint().equals(ENDPOINT)) {
            return refused("unsupported_endpoint", "the built-in model only embeds");
        }
        if (!call.model().equals(MODEL)) {
            return refused("model_not_found", "the built-in model is " + MODEL);
        }
        try {
            EmbeddingsRequest request = EmbeddingsRequest.read(call.body());
            return embed(request, call.deadline());
        } catch (EmbeddingsRequest.InvalidException e) {
            byte[] body = ErrorBody.of(e.error(), e.param());
            return new Refused(400, body, e.error(), Usage.NONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown("interrupted", "the call was given up");
        } catch (TimeoutException e) {
            return unknown("deadline", "the built-in model did not finish in time");
        } catch (IOException | ExecutionException | RejectedExecutionException e) {
            LOG.atError().setCause(e).log("built-in model failed");
            return unavailable();
        }
    }

    @Override
    public void close() {}

    private Outcome embed(EmbeddingsRequest request, Instant deadline)
            throws EmbeddingsRequest.InvalidException,
                    IOException,
                    InterruptedException,
                    ExecutionException,
                    TimeoutException {
        MiniLm model = embedder.model();
        List<float[]> vectors = new ArrayList<>(request.inputs().size());
        Deque<Future<float[]>> running = new ArrayDeque<>();
        long tokens = 0;
        try {
            for (String input : request.inputs()) {
                MiniLm.Tokenized text = model.tokenize(input);
                if (text.count() > EmbeddingsRequest.MOST_TOKENS) {
                    throw EmbeddingsRequest.tooLong();
                }
                tokens += text.count();
                if (running.size() == embedder.cores()) {
                    vectors.add(first(running, deadline));
                }
                running.add(embedder.submit(model, text));
            }
            while (!running.isEmpty()) {
                vectors.add(first(running, deadline));
            }
        } finally {
            running.forEach(vector -> vector.cancel(false));
        }
        byte[] body = EmbeddingsAnswer.of(vectors, request.isBase64(), tokens);
        return new Completed(OK, body, Usage.of(tokens, 0));
    }

    private float[] first(Deque<Future<float[]>> running, Instant deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        // get() asks for neither when the vector is there already
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before the model was done");
        }
        long left = Duration.between(clock.instant(), deadline).toMillis();
        if (left < 0) {
            throw new TimeoutException("the deadline has passed");
        }
        float[] vector = running.element().get(left, TimeUnit.MILLISECONDS);
        running.remove();
        return vector;
    }

    private static Outcome unavailable() {
        ProviderError error =
                new ProviderError(
                        "provider_unavailable",
                        "the built-in model is not available; the log says why",
                        "server_error");
        return new Retryable(503, ErrorBody.of(error), error, Optional.empty());
    }

    private static Outcome unknown(String reason, String why) {
        return new Unknown(reason, new ProviderError(reason, why, "server_error"));
    }

    private static Outcome refused(String code, String message) {
        ProviderError error = new ProviderError(code, message, "invalid_request_error");
        return new Refused(404, ErrorBody.of(error), error, Usage.NONE);
    }
}
