package io.millrace.servicekit.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Log lines of a process: plain or JSON, on standard error or in a file. */
public final class Logging {

    /** How a line is written. */
    public enum Form {
        /** For people. */
        PLAIN,
        /** One JSON object a line. */
        JSON
    }

    private static final String PATTERN =
            // a value from outside must not be able to begin a line of its own
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}"
                    + " %replace(%msg %kvp){'[\\r\\n]+', ' '}%n%ex";

    private Logging() {}

    /**
     * Sets the one appender of the process; called once, before anything is logged.
     *
     * @param file where lines are appended; standard error when absent
     */
    public static void configure(Form form, Optional<Path> file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        OutputStreamAppender<ILoggingEvent> appender = appender(file);
        appender.setContext(context);
        appender.setEncoder(encoder(form, context));
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("io.millrace").setLevel(Level.INFO);
        // warns of every normal start of a broker
        context.getLogger("org.apache.kafka.controller.QuorumController").setLevel(Level.ERROR);
        // With a retry backoff of 5 ms a transaction that follows the last one closely is told to
        // wait, which the sender logs as a warning for each partition.
        context.getLogger("org.apache.kafka.clients.producer.internals.Sender")
                .setLevel(Level.ERROR);
        // A consumer that is assigned elsewhere while it asks for an end warns of the late answer.
        context.getLogger("org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils")
                .setLevel(Level.ERROR);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static OutputStreamAppender<ILoggingEvent> appender(Optional<Path> file) {
        if (file.isPresent()) {
            FileAppender<ILoggingEvent> appender = new FileAppender<>();
            appender.setFile(file.get().toString());
            return appender;
        }
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setTarget("System.err");
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(Form form, LoggerContext context) {
        return switch (form) {
            case PLAIN -> {
                PatternLayoutEncoder plain = new PatternLayoutEncoder();
                plain.setContext(context);
                plain.setPattern(PATTERN);
                plain.start();
                yield plain;
            }
            case JSON -> {
                JsonEncoder json = new JsonEncoder();
                json.setContext(context);
                json.start();
                yield json;
            }
        };
    }
}
