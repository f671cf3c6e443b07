using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Web;

public partial class RequestBodyTests
{
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonp")]
    public async Task A_wrong_content_type_is_refused(string type)
    {
        await using var host = await StartAsync();
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        await AssertRejected(host, content, HttpStatusCode.UnsupportedMediaType, "request.content-type");
    }

    [Fact]
    public async Task No_content_type_and_a_coded_body_are_refused()
    {
        await using var host = await StartAsync();
        await AssertRejected(host, new ByteArrayContent("{}"u8.ToArray()), HttpStatusCode.UnsupportedMediaType, "request.content-type");
        var coded = Json("{}");
        coded.Headers.ContentEncoding.Add("gzip");
        await AssertRejected(host, coded, HttpStatusCode.UnsupportedMediaType, "request.content-type");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_64_KB_is_refused_announced_or_not(bool chunked)
    {
        await using var host = await StartAsync();
        var json = "{\"name\":\"" + new string('x', 64 * 1024) + "\"}";
        await AssertRejected(host, chunked ? new Chunked(json) : Json(json), HttpStatusCode.RequestEntityTooLarge, "request.too-large");
    }

    [Fact]
    public async Task A_body_of_exactly_64_KB_is_read()
    {
        await using var host = await StartAsync();
        var json = "{\"name\":\"" + new string('x', (64 * 1024) - 11) + "\"}";
        using var answer = await host.Client.PostAsync(new Uri("/x", UriKind.Relative), new Chunked(json));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_empty_or_malformed_body_is_refused_before_the_endpoint_runs()
    {
        await using var host = await StartAsync();
        await AssertRejected(host, Json(""), HttpStatusCode.BadRequest, "request.malformed-json");
        await AssertRejected(host, Json("{"), HttpStatusCode.BadRequest, "request.malformed-json");
    }

    [Fact]
    public async Task Faults_of_shape_and_of_the_handler_come_in_one_answer()
    {
        await using var host = await StartAsync();
        using var answer = await host.Client.PostAsync(new Uri("/x", UriKind.Relative), Json("""{"bogus":1,"age":"x"}"""));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("request.invalid", problem.GetProperty("code").GetString());
        Assert.Equal(
            ["bogus request.unknown-member", "age request.wrong-type", "name request.required"],
            problem.GetProperty("errors").EnumerateArray().Select(e => $"{e.GetProperty("field")} {e.GetProperty("code")}")
        );
    }

    [Fact]
    public async Task The_endpoint_says_which_body_it_takes()
    {
        await using var host = await StartAsync();
        var accepts = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single().Metadata.GetMetadata<IAcceptsMetadata>();
        Assert.Equal(typeof(Request), accepts?.RequestType);
        Assert.Equal(["application/json"], accepts?.ContentTypes);
    }

    private static Task<HttpHost> StartAsync() =>
        HttpHost.StartAsync(
            app =>
                app.MapPost(
                    "/x",
                    (JsonBody<Request> body) =>
                    {
                        if (body.Input.Value.Name is null)
                            body.Input.Errors.Add("name", ValidationCodes.Required);
                        return body.Input.Errors.Any ? RequestErrors.InvalidWith(body.Input.Errors).ToProblem() : Results.Ok();
                    }
                ),
            configure: builder =>
                builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Generated.Default))
        );

    private static async Task AssertRejected(HttpHost host, HttpContent content, HttpStatusCode status, string code)
    {
        using var answer = await host.Client.PostAsync(new Uri("/x", UriKind.Relative), content);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    private static ByteArrayContent Json(string json)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private sealed class Chunked : HttpContent
    {
        private readonly byte[] bytes;

        public Chunked(string json)
        {
            bytes = Encoding.UTF8.GetBytes(json);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    public sealed record Request
    {
        public string? Name { get; init; }

        public int? Age { get; init; }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Request))]
    internal sealed partial class Generated : JsonSerializerContext;
}
