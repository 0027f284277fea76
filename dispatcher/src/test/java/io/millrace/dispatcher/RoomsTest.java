package io.millrace.dispatcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What the package documentation of each room says it may not contain. */
@AnalyzeClasses(packagesOf = DispatcherService.class, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    private static final String ROOT = "io.millrace.dispatcher";
    private static final String KAFKA = "org.apache.kafka..";
    private static final String KAFKA_KIT = "io.millrace.servicekit.kafka..";

    @ArchTest
    static final ArchRule quotaKnowsNoOtherRoom =
            knowsNot("quota", "intake", "routing", "execution", "provider", "settlement");

    @ArchTest static final ArchRule quotaKnowsNoKafka = isFreeOf("quota", KAFKA, KAFKA_KIT);

    @ArchTest static final ArchRule quotaHasNoClockOrThread = isPure("quota");

    @ArchTest
    static final ArchRule routingKnowsNoOtherRoom =
            knowsNot("routing", "intake", "quota", "execution", "provider", "settlement");

    @ArchTest static final ArchRule routingKnowsNoKafka = isFreeOf("routing", KAFKA, KAFKA_KIT);

    @ArchTest static final ArchRule routingHasNoClockOrThread = isPure("routing");

    @ArchTest
    static final ArchRule providerKnowsNoOtherRoom =
            knowsNot("provider", "intake", "quota", "routing", "execution", "settlement");

    @ArchTest static final ArchRule providerKnowsNoKafka = isFreeOf("provider", KAFKA, KAFKA_KIT);

    @ArchTest
    static final ArchRule settlementCallsNoProviderAndDecidesNothing =
            knowsNot("settlement", "intake", "quota", "routing", "execution", "provider");

    @ArchTest static final ArchRule executionDoesNotKnowWhoReads = knowsNot("execution", "intake");

    @ArchTest
    static final ArchRule executionReadsNoTopic =
            isFreeOf("execution", "org.apache.kafka.clients.consumer..", KAFKA_KIT);

    @ArchTest
    static final ArchRule executionSpeaksNoDialect =
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + ".execution")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(ROOT + ".provider.*..");

    @ArchTest static final ArchRule intakeCallsNoProvider = knowsNot("intake", "provider", "quota");

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodySleepsOrAsksTheTimeOnTheSly =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", Duration.class);

    private static ArchRule knowsNot(String room, String... others) {
        return isFreeOf(
                room,
                List.of(others).stream()
                        .map(other -> ROOT + "." + other + "..")
                        .toArray(String[]::new));
    }

    private static ArchRule isFreeOf(String room, String... packages) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }

    private static ArchRule isPure(String room) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(InstantSource.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.file..", "java.util.concurrent..")
                .orShould()
                .callMethod(System.class, "nanoTime");
    }
}
