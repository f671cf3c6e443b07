namespace FoodDelivery;

/// <summary>The picture of those who have none, which is everybody.</summary>
internal static class Pictures
{
    public const string Path = "/default-avatar.svg";

    private const string Default = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="No picture">
        <rect width="64" height="64" fill="#d8dde3"/><circle cx="32" cy="25" r="11" fill="#7b8794"/>
        <path d="M10 60a22 20 0 0 1 44 0z" fill="#7b8794"/>
        </svg>
        """;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(
            Path,
            (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=86400";
                return Results.Text(Default, "image/svg+xml");
            }
        );
}
