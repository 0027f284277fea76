package io.millrace.dispatcher.provider;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the package documentation of the room says it may not contain. */
@AnalyzeClasses(packagesOf = Provider.class, importOptions = DoNotIncludeTests.class)
class ProviderBoundaryTest {

    private static final String ROOM = "io.millrace.dispatcher.provider";

    @ArchTest
    static final ArchRule knowsNeitherKafkaNorAnotherRoom =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            ROOM + "..",
                            "io.millrace.schemas..",
                            "io.millrace.servicekit.http",
                            "io.millrace.servicekit.config",
                            "java..",
                            "javax.net.ssl",
                            "ai..",
                            "com.fasterxml.jackson..",
                            "org.apache.hc..",
                            "org.jspecify.annotations",
                            "org.slf4j..");

    @ArchTest
    static final ArchRule onlyTheHttpRoomKnowsTheHttpClient =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOM + ".http")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.hc..");

    @ArchTest
    static final ArchRule onlyTheLocalModelKnowsNativeCode =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOM + ".local")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai..");

    @ArchTest
    static final ArchRule dialectsDoNotKnowEachOther =
            noClasses()
                    .that()
                    .resideInAPackage(ROOM + ".local")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ROOM + ".openai", ROOM + ".http");
}
