package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the dispatcher that owns a tenant's slot, and no other, over its inner routes. That it does
 * not answer soon is no error: then nothing is known. Thread-safe.
 */
final class OwnerClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerClient.class);
    private static final Duration CONNECT = Duration.ofMillis(200);
    private static final int MOST_AT_ONCE = 64;

    private final IntFunction<Optional<URI>> owners;
    private final Slots slots;
    private final InternalCredential credential;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    /**
     * Asks those owners.
     *
     * @param owners tells where the owner of a slot is asked
     */
    OwnerClient(IntFunction<Optional<URI>> owners, Slots slots, InternalCredential credential) {
        this.owners = owners;
        this.slots = slots;
        this.credential = credential;
    }

    /** Returns what the owner of the tenant's slot answers on that path. */
    Optional<JsonNode> ask(TenantId tenant, String path, Duration patience) {
        Optional<URI> owner = owners.apply(slots.of(tenant));
        if (owner.isEmpty() || !free.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return ask(owner.get(), path, patience);
        } finally {
            free.release();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private Optional<JsonNode> ask(URI owner, String path, Duration patience) {
        HttpRequest request =
                HttpRequest.newBuilder(owner.resolve(path))
                        .header(InternalCredential.HEADER, credential.value())
                        .timeout(patience)
                        .build();
        try {
            HttpResponse<byte[]> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200
                    ? Optional.of(Json.parse(answer.body()))
                    : Optional.empty();
        } catch (IOException | MalformedJsonException e) {
            LOG.atDebug()
                    .addKeyValue("dispatcher", owner)
                    .setCause(e)
                    .log("dispatcher does not tell");
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
