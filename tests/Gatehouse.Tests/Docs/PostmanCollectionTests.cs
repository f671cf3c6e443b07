using System.Text.Json.Nodes;

namespace Gatehouse.Tests.Docs;

public class PostmanCollectionTests
{
    [Fact]
    public async Task The_collection_is_what_the_document_of_the_API_says() =>
        await Repository.ExpectAsync("docs/postman.json", PostmanCollection.Write(await OpenApiAsync(), PostmanFlow.Steps));

    [Fact]
    public async Task An_operation_without_a_request_a_wrong_status_and_a_wrong_body_are_noticed()
    {
        var document = await OpenApiAsync();

        AssertNoticed("PostmanFlow has no request for UpdateMe.", "UpdateMe", step => step with { Operation = "GetMe", Body = null });
        AssertNoticed("GetMe documents no 418.", "GetMe", step => step with { Status = 418 });
        AssertNoticed(
            "RegisterUser takes email, phoneNumber, region, name, password, username, registrationCode, role, givenName, "
                + "familyName, birthDate, captchaToken.",
            "RegisterUser",
            step => step with { Body = new JsonObject { ["mail"] = "ada@example.com" } }
        );
        AssertNoticed("GetMe has fewer parameters.", "GetMe", step => step with { Path = ["1"] });

        void AssertNoticed(string message, string operation, Func<PostmanStep, PostmanStep> change) =>
            Assert.Equal(
                message,
                Assert
                    .Throws<InvalidOperationException>(() =>
                        PostmanCollection.Write(
                            document,
                            [.. PostmanFlow.Steps.Select(step => step.Operation == operation ? change(step) : step)]
                        )
                    )
                    .Message
            );
    }

    private static async Task<JsonNode> OpenApiAsync() =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "openapi.v1.json")))!;
}
