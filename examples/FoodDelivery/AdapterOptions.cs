using System.Net;
using Microsoft.Extensions.Options;

namespace FoodDelivery;

/// <summary>The settings of the adapter itself; those of the library are in the section <c>Gatehouse</c>.</summary>
internal sealed class AdapterOptions
{
    /// <summary>The address to listen on; default this machine only, in a container <c>0.0.0.0</c>.</summary>
    public string Listen { get; set; } = "127.0.0.1";

    /// <summary>Port of the routes below <c>/api/v1/</c>.</summary>
    public int HttpPort { get; set; } = 8000;

    /// <summary>Port of <c>roles.RolesService</c>, HTTP/2 without TLS.</summary>
    public int GrpcPort { get; set; } = 50051;

    /// <summary>The tenant whose users the neighbours know; default the first one.</summary>
    public Guid Tenant { get; set; } = new("00000000-0001-7000-8000-000000000001");

    /// <summary>Its name, needed where Gatehouse has several tenants.</summary>
    public string TenantName { get; set; } = "";

    /// <summary>How browsers reach the adapter: the default picture is there.</summary>
    public string PublicUrl { get; set; } = "http://localhost:8000";

    /// <summary>The picture of everybody; default one that the adapter serves.</summary>
    public string Picture { get; set; } = "";

    /// <summary>
    /// Whether a bad or expired token is answered INVALID_ARGUMENT, as it was, instead of UNAUTHENTICATED. The neighbours take callers as
    /// anonymous for UNAUTHENTICATED only: with the other status an expired cookie makes their public pages answer 400.
    /// </summary>
    public bool BadTokenIsInvalidArgument { get; set; }

    /// <summary>Whether <c>user_review</c> carries customers, with their full names in clear. Without it nobody can write reviews, and
    /// with it names stay in the topic for as long as it keeps records.</summary>
    public bool CustomerNames { get; set; }

    /// <summary>Whether cookies travel over TLS only.</summary>
    public bool SecureCookies { get; set; }

    /// <summary>Front ends that may call with cookies.</summary>
    public string[] Origins { get; set; } = [];

    /// <summary>Brokers, separated by commas; empty: nothing is published, and what would be is kept.</summary>
    public string KafkaServers { get; set; } = "";

    /// <summary>User of SASL/PLAIN; empty for none.</summary>
    public string KafkaUser { get; set; } = "";

    /// <summary>Its password.</summary>
    public string KafkaPassword { get; set; } = "";

    /// <summary>Whether brokers are spoken to over TLS.</summary>
    public bool KafkaTls { get; set; }

    /// <summary>Addresses of the two front ends that there were.</summary>
    public static IReadOnlyList<string> DefaultOrigins { get; } = ["https://ash1vt.github.io", "http://localhost:3000"];

    public string PictureUrl => Picture.Length > 0 ? Picture : PublicUrl.TrimEnd('/') + Pictures.Path;
}

/// <summary>Tells all that is wrong at once.</summary>
internal sealed class AdapterOptionsCheck : IValidateOptions<AdapterOptions>
{
    public ValidateOptionsResult Validate(string? name, AdapterOptions options)
    {
        string?[] wrong =
        [
            IPAddress.TryParse(options.Listen, out _) ? null : "FoodDelivery: Listen must be an IP address.",
            options.HttpPort is > 0 and <= 65535 ? null : "FoodDelivery: HttpPort must be from 1 to 65535.",
            options.GrpcPort is > 0 and <= 65535 ? null : "FoodDelivery: GrpcPort must be from 1 to 65535.",
            Uri.TryCreate(options.PictureUrl, UriKind.Absolute, out _) ? null : "FoodDelivery: PublicUrl and Picture must be URLs.",
            options.Origins.Any(origin => !Uri.TryCreate(origin, UriKind.Absolute, out _))
                ? "FoodDelivery: Origins must be such as https://food.example.com."
                : null,
        ];
        string[] found = [.. wrong.OfType<string>()];
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }
}
