package io.millrace.servicekit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the package documentation of each room says it may not contain. */
@AnalyzeClasses(packages = RoomsTest.ROOT, importOptions = DoNotIncludeTests.class)
class RoomsTest {

    static final String ROOT = "io.millrace.servicekit";

    @ArchTest
    static final ArchRule techniqueKnowsNothingOfTheBusiness =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            ROOT + "..",
                            "java..",
                            "javax.crypto..",
                            "javax.net..",
                            "com.fasterxml.jackson..",
                            "org.apache.avro",
                            "org.apache.kafka..",
                            "org.jspecify.annotations",
                            "org.slf4j..",
                            "ch.qos.logback..",
                            "io.confluent..",
                            "io.helidon..",
                            "io.micrometer..");

    @ArchTest
    static final ArchRule noClassIsNamedAfterABusinessNoun =
            noClasses()
                    .should()
                    .haveNameMatching(
                            ".*\\.[A-Za-z$]*(Tenant|Job|Batch|Provider|Model|Quota|Budget|Usage|"
                                    + "Price|Lane|Attempt|Webhook)[A-Za-z$]*");

    @ArchTest
    static final ArchRule onlyKafkaKnowsKafka =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(ROOT + ".kafka")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka..", "io.confluent..");

    @ArchTest
    static final ArchRule onlyLogKnowsItsBackend =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + ".log")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ch.qos.logback..");

    @ArchTest
    static final ArchRule configAndTraceKnowNoOtherRoom =
            noClasses()
                    .that()
                    .resideInAnyPackage(ROOT + ".config", ROOT + ".trace", ROOT + ".log")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            ROOT + ".admin", ROOT + ".http", ROOT + ".kafka", ROOT + ".lifecycle");

    @ArchTest
    static final ArchRule roomsDoNotKnowEachOtherInACircle =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();
}
