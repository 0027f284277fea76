package io.millrace.servicekit.lifecycle;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.servicekit.admin.AdminPages;
import io.millrace.servicekit.admin.Health;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * What a process gives to a service that it starts.
 *
 * @param config root of millrace.yaml
 * @param data directory the service may write its state to
 * @param blobs directory that all services share
 * @param port port to listen on instead of the configured one; 0 for a free one
 * @param process name of this start of the process, unique among all processes and starts
 * @param kafka clients of the cluster, which has the topics and schemas of a deployment
 * @param internal what services show each other
 * @param health where the service reports its parts
 * @param meters where the service registers its meters
 * @param pages where the service shows what it does
 * @param adminPort of the process, where the pages are
 * @param clock the time
 * @param random cryptographically strong and thread-safe
 */
public record ServiceEnvironment(
        Section config,
        Path data,
        Path blobs,
        OptionalInt port,
        String process,
        KafkaClients kafka,
        InternalCredential internal,
        Health health,
        PrometheusMeterRegistry meters,
        AdminPages pages,
        int adminPort,
        InstantSource clock,
        RandomGenerator random) {}
