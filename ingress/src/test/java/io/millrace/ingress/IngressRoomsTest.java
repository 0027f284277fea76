package io.millrace.ingress;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "io.millrace.ingress",
        importOptions = ImportOption.DoNotIncludeTests.class)
class IngressRoomsTest {

    @ArchTest
    static final ArchRule ROOMS_ARE_NO_CIRCLE =
            slices().matching("io.millrace.ingress.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule HTTP_KNOWS_NEITHER_KAFKA_NOR_OTHER_ROOMS =
            noClasses()
                    .that()
                    .resideInAPackage("io.millrace.ingress.http..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka..",
                            "io.millrace.schemas.avro..",
                            "io.millrace.ingress.auth..",
                            "io.millrace.ingress.control..",
                            "io.millrace.ingress.jobs..");

    @ArchTest
    static final ArchRule ADMISSION_IS_PURE =
            noClasses()
                    .that()
                    .resideInAPackage("io.millrace.ingress.admission..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka..",
                            "io.helidon..",
                            "io.micrometer..",
                            "java.net.http..",
                            "java.util.concurrent..",
                            "org.slf4j..")
                    .orShould()
                    .callMethod(java.time.Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule AUTH_AND_FILES_KNOW_NO_KAFKA =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.millrace.ingress.auth..", "io.millrace.ingress.files..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule CONTROL_KNOWS_NO_HTTP =
            noClasses()
                    .that()
                    .resideInAPackage("io.millrace.ingress.control..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.helidon..", "io.millrace.ingress.http..");
}
