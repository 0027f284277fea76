package io.millrace.usageaggregator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** What the package documentation of the rooms says they may not contain. */
@AnalyzeClasses(packagesOf = UsageAggregatorService.class, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    private static final String USAGE = "io.millrace.usageaggregator.usage..";
    private static final String COST = "io.millrace.usageaggregator.cost..";
    private static final String QUERY = "io.millrace.usageaggregator.query..";

    @ArchTest
    static final ArchRule usageKnowsNeitherHttpNorJsonNorQuestions =
            noClasses()
                    .that()
                    .resideInAPackage(USAGE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            QUERY, COST, "io.helidon..", "java.net.http..", "com.fasterxml..");

    @ArchTest
    static final ArchRule costKnowsOnlyMoney =
            classes()
                    .that()
                    .resideInAPackage(COST)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            COST,
                            "io.millrace.schemas.money",
                            "java.lang..",
                            "java.math",
                            "org.jspecify.annotations");

    @ArchTest
    static final ArchRule queryKnowsNoKafka =
            noClasses()
                    .that()
                    .resideInAPackage(QUERY)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka..", "org.rocksdb..");

    @ArchTest
    static final ArchRule roomsDoNotKnowTheWiring =
            noClasses()
                    .that()
                    .resideInAnyPackage(USAGE, COST, QUERY)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.millrace.usageaggregator");

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("io.millrace.usageaggregator.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeIsAnArgument =
            noClasses()
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");
}
