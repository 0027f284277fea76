package io.millrace.usageaggregator.query;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.millrace.servicekit.http.HttpDefaults;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.usageaggregator.usage.Cube;
import io.millrace.usageaggregator.usage.Instances;
import java.time.InstantSource;

/** The listener that services and other instances ask. */
public final class QueryServer implements AutoCloseable {

    private final WebServer server;
    private final OtherInstances others;

    private QueryServer(WebServer server, OtherInstances others) {
        this.server = server;
        this.others = others;
    }

    /**
     * Starts it.
     *
     * @param port 0 for a free one
     */
    public static <C extends Cube & Instances> QueryServer start(
            String bind,
            int port,
            InternalCredential credential,
            C cube,
            QueryObserver observer,
            InstantSource clock) {
        OtherInstances others = new OtherInstances(credential);
        Answering answering = new Answering(cube, cube, others);
        HttpRouting.Builder routing =
                HttpRouting.builder()
                        .register(new UsageRoutes(credential, answering, observer, clock));
        WebServer server = HttpDefaults.server(bind, port).routing(routing).build().start();
        return new QueryServer(server, others);
    }

    /** Returns the port it listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
        others.close();
    }
}
