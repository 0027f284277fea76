package io.millrace.dispatcher.provider.http;

import io.millrace.servicekit.http.Trust;
import java.util.List;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * How Apache's client is set: docs/decisions on calls to providers has the measurements.
 *
 * <p>It does nothing of its own accord: no redirects, retries, cookies, proxies, remembered logins
 * or decompression.
 */
final class ClientSettings {

    // The default of 8 KiB each way and its encoders cost 107 KB a call, this 23 KB.
    private static final int BUFFER_BYTES = 4 * 1024;
    private static final int MAX_LINE_BYTES = 16 * 1024;
    private static final int MAX_HEADERS = 100;
    private static final TimeValue KEPT = TimeValue.ofMinutes(3);
    private static final TimeValue OLDEST = TimeValue.ofMinutes(10); // then DNS is asked again
    private static final TimeValue CHECKED_AFTER = TimeValue.ofSeconds(2);

    private ClientSettings() {}

    static CloseableHttpClient client(HttpLimits limits, Trust trust) {
        Timeout idle = Timeout.of(limits.idle());
        return HttpClients.custom()
                .setConnectionManager(new BoundedConnects(connections(limits, trust), limits))
                .setRequestExecutor(new Progress.Executor(idle))
                .setDefaultRequestConfig(requests(limits))
                .setDefaultHeaders(
                        List.of(
                                new BasicHeader("Accept", "application/json"),
                                new BasicHeader("Accept-Encoding", "identity")))
                .setUserAgent("millrace")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(HttpLimits limits, Trust trust) {
        Http1Config http =
                Http1Config.custom()
                        .setBufferSize(BUFFER_BYTES)
                        .setMaxLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust.context()))
                .setMaxConnTotal(limits.calls())
                .setMaxConnPerRoute(limits.calls())
                .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder().http1Config(http).build())
                .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(limits.connect()))
                                .setSocketTimeout(Timeout.of(limits.response()))
                                .setTimeToLive(OLDEST)
                                .setValidateAfterInactivity(CHECKED_AFTER)
                                .build())
                .build();
    }

    private static RequestConfig requests(HttpLimits limits) {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(limits.connect()))
                .setResponseTimeout(Timeout.of(limits.response()))
                .setConnectionKeepAlive(KEPT)
                .setRedirectsEnabled(false)
                .setAuthenticationEnabled(false)
                .setContentCompressionEnabled(false)
                .setExpectContinueEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .build();
    }
}
