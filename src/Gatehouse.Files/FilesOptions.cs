using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Files;

/// <summary>Where the files and photos of users are kept.</summary>
public sealed class FilesOptions : ICheckSettings
{
    /// <summary>
    /// Where files are kept: <c>none</c> (default; photos and files are rejected), <c>local</c> (a folder, which all nodes must share),
    /// <c>s3</c> (Amazon S3 and everything that speaks its protocol), <c>azure</c> (Azure Blob Storage) or <c>gcloud</c> (Google Cloud
    /// Storage). Development mode keeps them in its data folder.
    /// </summary>
    public string Store { get; set; } = FileStore.Off;

    /// <summary>How long a signed address is good, in seconds: 60 to 604,800 (seven days), default 900.</summary>
    [Range(60, 604_800)]
    public int AddressSeconds { get; set; } = 900;

    /// <summary>
    /// Address under which everybody may read the bucket or container, or a content delivery network in front of it. Files are then read at
    /// plain addresses below it instead of signed ones: whoever knows one can read that file for ever. Empty: addresses are signed.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Timeout for one call of the store, in seconds: 1 to 60, default 10.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>With <c>local</c>.</summary>
    public LocalFilesOptions Local { get; set; } = new();

    /// <summary>With <c>s3</c>.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>With <c>azure</c>.</summary>
    public AzureFilesOptions Azure { get; set; } = new();

    /// <summary>With <c>gcloud</c>.</summary>
    public GoogleFilesOptions Google { get; set; } = new();

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (PublicUrl is not null && !IsWeb(PublicUrl, mode))
            yield return new ValidationResult("must begin with https:// and have no query", [nameof(PublicUrl)]);
        if (PublicUrl is not null && Store == LocalFilesOptions.StoreName)
            yield return new ValidationResult("must be empty with local, whose addresses are always signed", [nameof(PublicUrl)]);
        var errors = Store switch
        {
            FileStore.Off => [],
            LocalFilesOptions.StoreName => Local.Check(),
            S3Options.StoreName => S3.Check(mode),
            AzureFilesOptions.StoreName => Azure.Check(mode),
            GoogleFilesOptions.StoreName => Google.Check(mode),
            _ => [new ValidationResult("must be one of none, local, s3, azure, gcloud", [nameof(Store)])],
        };
        foreach (var error in errors)
            yield return error;
    }

    internal static bool IsWeb(Uri address, SettingsMode mode) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && mode == SettingsMode.Development))
        && address is { UserInfo: "", Query: "", Fragment: "" };

    internal static IEnumerable<ValidationResult> Missing(string section, params (string Name, string Value, string Text)[] needed) =>
        needed
            .Where(one => one.Value.Length == 0)
            .Select(one => new ValidationResult("is required: " + one.Text, [$"{section}:{one.Name}"]));
}

/// <summary>A folder of this machine.</summary>
public sealed class LocalFilesOptions
{
    internal const string StoreName = "local";

    /// <summary>Absolute path of the folder, which is created when the server starts if it is missing. Several nodes need one that they
    /// share, mounted before the server starts.</summary>
    public string Folder { get; set; } = "";

    internal IEnumerable<ValidationResult> Check() =>
        Path.IsPathFullyQualified(Folder)
            ? []
            : [new ValidationResult("must be an absolute path such as /var/lib/gatehouse/files", ["Local:Folder"])];
}

/// <summary>Amazon S3, or a store that speaks its protocol (MinIO, Oracle Cloud, Ceph and others).</summary>
public sealed class S3Options
{
    internal const string StoreName = "s3";

    /// <summary>Name of the bucket, which must exist.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Region, such as <c>eu-central-1</c>; stores without regions take <c>us-east-1</c>, the default.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Address of the store. Empty: that of Amazon in the region.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Whether the bucket is named in the path instead of the host, default false. Many stores but Amazon need true.</summary>
    public bool PathStyle { get; set; }

    /// <summary>Name of the access key. Empty: as the machine has it (role of the instance or container, or the variables of the AWS
    /// tools).</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>The secret of the access key.</summary>
    [Secret]
    public string SecretKey { get; set; } = "";

    internal IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        foreach (
            var error in FilesOptions.Missing(
                "S3",
                (nameof(Bucket), Bucket, "the name of the bucket"),
                (nameof(Region), Region, "the region")
            )
        )
            yield return error;
        if (Endpoint is not null && !FilesOptions.IsWeb(Endpoint, mode))
            yield return new ValidationResult("must begin with https://; otherwise files would be sent unencrypted", ["S3:Endpoint"]);
        if (AccessKey.Length == 0 != (SecretKey.Length == 0))
            yield return new ValidationResult("must be set together with S3:AccessKey, or not at all", ["S3:SecretKey"]);
    }
}

/// <summary>A container of Azure Blob Storage.</summary>
public sealed class AzureFilesOptions
{
    internal const string StoreName = "azure";

    /// <summary>Name of the storage account.</summary>
    public string Account { get; set; } = "";

    /// <summary>A key of the account, Base64.</summary>
    [Secret]
    public string Key { get; set; } = "";

    /// <summary>Name of the container, which must exist.</summary>
    public string Container { get; set; } = "";

    /// <summary>Address of the service. Empty: <c>https://{account}.blob.core.windows.net</c>.</summary>
    public Uri? Endpoint { get; set; }

    internal IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        var missing = FilesOptions.Missing(
            "Azure",
            (nameof(Account), Account, "the name of the storage account"),
            (nameof(Key), Key, "a key of the account"),
            (nameof(Container), Container, "the name of the container")
        );
        foreach (var error in missing)
            yield return error;
        if (Key.Length > 0 && !Convert.TryFromBase64String(Key, new byte[Key.Length], out _))
            yield return new ValidationResult("must be Base64, as the portal shows it", ["Azure:Key"]);
        if (Endpoint is not null && !FilesOptions.IsWeb(Endpoint, mode))
            yield return new ValidationResult("must begin with https://; otherwise files would be sent unencrypted", ["Azure:Endpoint"]);
    }
}

/// <summary>A bucket of Google Cloud Storage.</summary>
public sealed class GoogleFilesOptions
{
    internal const string StoreName = "gcloud";

    /// <summary>Name of the bucket, which must exist.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Path of the JSON key file of a service account, which also signs addresses.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Address of the service. Empty: that of Google.</summary>
    public Uri? Endpoint { get; set; }

    internal IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        foreach (var error in FilesOptions.Missing("Google", (nameof(Bucket), Bucket, "the name of the bucket")))
            yield return error;
        if (!File.Exists(KeyFile))
            yield return new ValidationResult("must be the path of a file that can be read", ["Google:KeyFile"]);
        if (Endpoint is not null && !FilesOptions.IsWeb(Endpoint, mode))
            yield return new ValidationResult("must begin with https://; otherwise files would be sent unencrypted", ["Google:Endpoint"]);
    }
}
