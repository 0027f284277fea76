package io.millrace.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls between the rooms of this module, as their package-infos describe them. */
@AnalyzeClasses(packages = "io.millrace.standalone", importOptions = DoNotIncludeTests.class)
class RoomsTest {

    private static final String OURS = "io.millrace.standalone.";

    @ArchTest
    static final ArchRule processDependsOnNoRoom =
            noClasses()
                    .that()
                    .resideInAPackage(OURS + "process")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            OURS + "broker",
                            OURS + "registry",
                            OURS + "data",
                            OURS + "assembly",
                            OURS + "command",
                            OURS + "client",
                            "org.apache.kafka..");

    @ArchTest
    static final ArchRule clientsKnowServicesByTheirHttpDoorOnly =
            noClasses()
                    .that()
                    .resideInAnyPackage(OURS + "client", OURS + "documents")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            OURS + "broker",
                            OURS + "registry",
                            OURS + "data",
                            OURS + "assembly",
                            OURS + "demo",
                            "io.millrace.ingress..",
                            "io.millrace.dispatcher..",
                            "org.apache.kafka..");

    @ArchTest
    static final ArchRule partsDoNotKnowWhoStartsThem =
            noClasses()
                    .that()
                    .resideInAnyPackage(OURS + "broker", OURS + "registry", OURS + "data")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(OURS + "assembly", OURS + "command");

    @ArchTest
    static final ArchRule kafkasInternalsStayInTheBrokerRoom =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(OURS + "broker")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "kafka..",
                            "org.apache.kafka.server..",
                            "org.apache.kafka.metadata..",
                            "scala..");

    @ArchTest
    static final ArchRule onlyTheReaderOfPdfsKnowsItsLibrary =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("PdfWords")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.pdfbox..");

    @ArchTest
    static final ArchRule nobodyDependsOnCommandsButMain =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(OURS + "command")
                    .and()
                    .doNotHaveSimpleName("Millrace")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(OURS + "command");
}
