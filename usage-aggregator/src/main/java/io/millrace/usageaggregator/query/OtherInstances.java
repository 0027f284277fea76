package io.millrace.usageaggregator.query;

import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import io.millrace.usageaggregator.usage.CubeUnavailableException;
import io.millrace.usageaggregator.usage.Scope;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;

/** Asks other instances for what they hold. Thread-safe. */
final class OtherInstances implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long MAX_ANSWER_BYTES = 64L * 1024 * 1024;

    private final InternalCredential credential;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();

    OtherInstances(InternalCredential credential) {
        this.credential = credential;
    }

    /**
     * Returns what the partitions of an instance add up to.
     *
     * @throws CubeUnavailableException when it does not say: a part is never taken for the whole
     */
    Sums ask(URI instance, Set<Integer> partitions, Question question) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(instance.resolve(PeerPath.of(question)))
                        .timeout(ANSWER)
                        .header(InternalCredential.HEADER, credential.value())
                        .header(PeerPath.PARTITIONS, PeerPath.listed(partitions));
        if (question.scope() instanceof Scope.Only only) {
            request.header(UsageRoutes.TENANT, only.tenant().value());
        }
        try {
            HttpResponse<byte[]> answer =
                    client.send(
                            request.build(),
                            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
            if (answer.statusCode() != 200) {
                throw unavailable(instance, "answers " + answer.statusCode());
            }
            return SumsJson.read(Json.parse(answer.body()));
        } catch (IOException | IllegalArgumentException | MalformedJsonException e) {
            throw new CubeUnavailableException("%s does not answer".formatted(instance), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CubeUnavailableException("interrupted while asking " + instance, e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static CubeUnavailableException unavailable(URI instance, String why) {
        return new CubeUnavailableException("%s %s".formatted(instance, why));
    }
}
