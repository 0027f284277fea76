package io.millrace.simulatedprovider;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What the package documentation of each room says it may not contain. */
@AnalyzeClasses(packagesOf = SimulatedProvider.class, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    private static final String ROOT = "io.millrace.simulatedprovider";

    @ArchTest
    static final ArchRule moduleStandsAlone =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            ROOT + "..",
                            "java..",
                            "javax.net.ssl",
                            "com.fasterxml.jackson..",
                            "org.slf4j..",
                            "org.jspecify.annotations");

    @ArchTest static final ArchRule behaviourKnowsNoOtherRoom = knowsOnly("behaviour");

    @ArchTest static final ArchRule dialectKnowsBehaviour = knowsOnly("dialect", "behaviour");

    @ArchTest static final ArchRule httpKnowsNoOtherRoom = knowsOnly("http");

    @ArchTest static final ArchRule ledgerKnowsNoOtherRoom = knowsOnly("ledger");

    @ArchTest static final ArchRule tlsKnowsNoOtherRoom = knowsOnly("tls");

    @ArchTest static final ArchRule behaviourHasNoClockThreadOrJson = isPure("behaviour", "com..");

    @ArchTest static final ArchRule dialectHasNoClockOrThread = isPure("dialect", "org.slf4j..");

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

    private static ArchRule knowsOnly(String room, String... others) {
        List<String> known = new ArrayList<>(List.of("java..", "javax..", "com..", "org.."));
        known.add(ROOT + "." + room);
        for (String other : others) {
            known.add(ROOT + "." + other);
        }
        return classes()
                .that()
                .resideInAPackage(ROOT + "." + room)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(known.toArray(String[]::new));
    }

    private static ArchRule isPure(String room, String... forbidden) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(InstantSource.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden);
    }
}
