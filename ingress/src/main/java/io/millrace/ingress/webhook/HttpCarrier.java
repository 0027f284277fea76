package io.millrace.ingress.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events by HTTP/1.1 to the very address that was looked at: the name is resolved once,
 * every address of it is judged, and one of these is dialled, with the name kept for TLS and {@code
 * Host}. What the receiver answers beyond its status is not read.
 */
final class HttpCarrier implements Carrier, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpCarrier.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int MOST_LINE = 8 * 1024;
    private static final int MOST_HEADERS = 100;
    // what is as short as this is read, so that its connection can be used again
    private static final int SHORT_BODY = 4 * 1024;

    private final AddressRule rule;
    private final Resolver resolver;
    private final Duration patience;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("webhook-timeouts").daemon().factory());

    /**
     * Dials by that rule.
     *
     * @param patience how long a try may take in all
     * @param connections at the same time
     */
    HttpCarrier(AddressRule rule, Resolver resolver, Duration patience, int connections) {
        this.rule = rule;
        this.resolver = resolver;
        this.patience = patience;
        this.client = client(patience, connections);
    }

    @Override
    public Answer carry(Post post) {
        InetAddress address;
        try {
            List<InetAddress> found = resolver.resolve(AddressRule.host(post.url()));
            if (!found.stream().allMatch(each -> rule.allows(each, post.url()))) {
                return Answer.none("address_refused");
            }
            address = found.getFirst();
        } catch (UnknownHostException _) {
            return Answer.none("unknown_host");
        }
        return send(post, address);
    }

    private Answer send(Post post, InetAddress address) {
        HttpPost request = request(post);
        Future<?> deadline =
                timer.schedule(request::abort, patience.toMillis(), TimeUnit.MILLISECONDS);
        try (ClassicHttpResponse answer =
                client.executeOpen(host(post.url(), address), request, null)) {
            int status = answer.getCode();
            finish(answer.getEntity(), request);
            return Answer.of(status);
        } catch (SSLException _) {
            return Answer.none("tls");
        } catch (SocketTimeoutException _) {
            return Answer.none("timeout");
        } catch (InterruptedIOException _) {
            return Answer.none(request.isAborted() ? "timeout" : "interrupted");
        } catch (IOException _) {
            return Answer.none(request.isAborted() ? "timeout" : "unreachable");
        } catch (RuntimeException e) {
            // whatever it is, it must climb down the ladder like the rest
            LOG.atWarn().addKeyValue("event", post.id()).setCause(e).log("event cannot be sent");
            return Answer.none("unsendable");
        } finally {
            deadline.cancel(false);
        }
    }

    // the status stands whatever becomes of the rest
    private static void finish(HttpEntity rest, HttpPost request) {
        if (rest == null) {
            return;
        }
        try (InputStream in = rest.getContent()) {
            if (in.readNBytes(SHORT_BODY).length == SHORT_BODY) {
                request.abort();
            }
        } catch (IOException _) {
            request.abort();
        }
    }

    private static HttpPost request(Post post) {
        HttpPost request = new HttpPost(post.url());
        request.setHeader("webhook-id", post.id());
        request.setHeader("webhook-timestamp", String.valueOf(post.timestamp()));
        request.setHeader("webhook-signature", String.join(" ", post.signatures()));
        request.setEntity(new ByteArrayEntity(post.body(), ContentType.APPLICATION_JSON));
        return request;
    }

    private static HttpHost host(URI url, InetAddress address) {
        boolean tls = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        return new HttpHost(tls ? "https" : "http", address, AddressRule.host(url), port);
    }

    private static CloseableHttpClient client(Duration patience, int connections) {
        return HttpClients.custom()
                .setConnectionManager(
                        PoolingHttpClientConnectionManagerBuilder.create()
                                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                                .setConnectionFactory(
                                        ManagedHttpClientConnectionFactory.builder()
                                                .http1Config(
                                                        Http1Config.custom()
                                                                .setMaxLineLength(MOST_LINE)
                                                                .setMaxHeaderCount(MOST_HEADERS)
                                                                .build())
                                                .build())
                                .setMaxConnTotal(connections)
                                .setMaxConnPerRoute(connections)
                                .setDefaultConnectionConfig(
                                        ConnectionConfig.custom()
                                                .setConnectTimeout(Timeout.of(CONNECT))
                                                .setSocketTimeout(Timeout.of(patience))
                                                .setTimeToLive(TimeValue.ofMinutes(1))
                                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                                .build())
                                .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setConnectionRequestTimeout(Timeout.of(CONNECT))
                                .setResponseTimeout(Timeout.of(patience))
                                .setConnectionKeepAlive(TimeValue.ofSeconds(30))
                                .setRedirectsEnabled(false)
                                .setAuthenticationEnabled(false)
                                .setContentCompressionEnabled(false)
                                .setExpectContinueEnabled(false)
                                .setProtocolUpgradeEnabled(false)
                                .build())
                .setUserAgent("millrace-webhooks")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .evictExpiredConnections()
                .evictIdleConnections(TimeValue.ofSeconds(30))
                .build();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            client.close();
        } catch (IOException _) {
            // what it held is gone with the process
        }
    }
}
